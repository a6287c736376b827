/** What each frame does to the page. Names match chat/frames.py. `page` is what page.js offers. */
export const frames = {
  "answer.queued": (page, frame) => page.answer(frame.generation)?.queue(frame.ahead, frame.wait_seconds),
  "answer.started": (page, frame) => page.answer(frame.generation)?.start(frame.model, frame.left_out),
  "answer.grew": (page, frame) => {
    const answer = page.answer(frame.generation);
    if (answer && !answer.grow(frame.at, frame.text)) page.followAgain(frame.generation);
    else page.seen(frame.generation, frame.cursor);
  },
  "answer.ended": (page, frame) => {
    const answer = page.answer(frame.generation);
    if (answer && frame.state !== "removed" && answer.length !== frame.length) page.followAgain(frame.generation);
    else {
      answer?.end(frame);
      page.ended(frame.generation);
    }
  },
  "conversation.renamed": (page, frame) => page.rename(frame.conversation, frame.title),
  "conversation.removed": (page, frame) => page.remove(frame.conversation),
  "conversation.changed": (page, frame) => page.changed(frame.conversation),
  "notice.posted": (page) => page.showNotices(),
  "board.drawn": () => {}, // the board's own page draws it
  "follow.refused": (page, frame) => page.ended(frame.generation),
  "socket.refused": (page, frame) => page.complain(frame.reason),
};
