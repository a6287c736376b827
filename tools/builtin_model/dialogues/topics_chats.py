"""How people ask about chats: new, named, found, shared, exported."""

from tools.builtin_model.dialogues.grammar import Wordings, wordings

TOPICS: dict[str, Wordings] = {
    "chat.new": wordings(
        things="""
[a|the] new <chat>
[starting|opening|beginning] [a new|another] <chat>
the New chat <button>
another <chat>
a fresh <chat>
a [blank|clean|empty] <chat>
a new [topic|subject]
""",
        acts="""
start [a new|another|a fresh|a second] <chat>
open [a new|another|a fresh|a blank] <chat>
begin [a new|another|a fresh] <chat>
create [a new|another] <chat>
start [over|again|afresh|from scratch|anew]
change the [subject|topic]
talk about something else
begin from [zero|scratch]
""",
        says="""
[I|we] [want|need] [a new|another|a fresh|a second|an empty] <chat>
a new <chat> [knows nothing of the others|is empty|remembers the old one]
I have [another|a different|a new] [topic|subject]
I can have [many|several] chats
""",
        asks="""
how do I [start|open|begin|create|make] [a new|another|a fresh|an empty] <chat>
how can I [start|open|begin|create|make] [a new|another|a fresh|an empty] <chat>
how do I start [over|again|from scratch|afresh|anew]
where [do|can] I [start|open|begin|create] [a new|another] <chat>
where is the new chat button
which [key|button|shortcut] [opens|starts] a new <chat>
can I [start|open|begin|have] [a new|another|a second|more than one] <chat>
can we talk about [something else|something new] in a new chat
can I have [several|two|more|many] chats
I <want> [start|open|begin] [a new|another|a fresh] <chat>
I want to [start over|change the subject|begin again|start from scratch|talk about something else]
I want a [new|fresh|clean|blank] <chat>
I have a different [topic|subject] now, [should I open a new chat|how do I start a new chat|what do I do]
new <chat> please
new chat
new conversation
start new chat
open new thread
start over
fresh start
let's start [over|again|afresh]
let us begin again
does a new chat [remember|know] the old one
what does [New chat|the New chat button] do
should I use a new chat for a new [topic|subject]
""",
    ),
    "chat.rename": wordings(
        things="""
[renaming|naming] [a|my|this] <chat>
the [name|title|heading] of [a|this|my] <chat>
the chat title
[a|the] [new|better|different|other] [title|name] for [a|this|my] <chat>
the Rename [menu item|option|function]
""",
        acts="""
rename [a|this|my|the|an old] <chat>
<change> the [name|title|heading] of [a|this|my|the] <chat>
give [a|this|my|the] <chat> [a new|another|a better|a different] [name|title]
name [a|this|my] <chat>
call [a|this|my] <chat> something else
[retitle|relabel] [a|this|my] <chat>
edit the title [of this chat|]
""",
        says="""
[a|my|this] <chat> has [a bad|the wrong|a silly|a stupid|a strange] [name|title]
[a|my|this] <chat> can be renamed
the [name|title] of [a|my|this] <chat> can be <changed>
the title [is wrong|does not fit|is too long|has a typo]
[I|we] [want|need] another [title|name] for this <chat>
""",
        asks="""
how do I rename [a|this|my|the|an old] <chat>
how can I rename [a|this|my|the|an old] <chat>
how do I [change|edit|set] the [name|title|heading] [of a chat|of this chat|of my chat|]
how can I [change|edit|set] the [name|title|heading] [of a chat|of this chat|of my chat|]
how do I give [a|this|my] <chat> [a name|another name|a new title|a better title]
where [do|can] I [rename|change the name of|change the title of] [a|this|my] <chat>
where is the rename [button|option|function]
can I rename [a|this|my|old] <chat>
can I [change|edit] the [name|title] [of a chat|of this chat|in the list|]
can I [give|choose] [my chats|a chat|this chat] [other names|a name|another title|a title myself]
can a <chat> be [renamed|given a new name]
who [names|titles] the chats
where does the [name|title] of a chat come from
why is my chat called [like that|that|this|so]
I <want> rename [a|this|my] <chat>
I want to [change the title|give it another name|call this chat something else|name this chat]
the [title|name] [of this chat|in the list] is [wrong|bad|stupid|not good|misleading]
I can't tell my chats apart by their [names|titles]
[rename|retitle] chat
rename
change title
chat title
title of the chat?
new name for this chat
call this chat [holiday|project X|budget|Anna]
""",
    ),
    "chat.search": wordings(
        things="""
[the|a] search [of chats|in my chats|function|box|field|]
[searching|finding] [old|my|earlier] <chats>
full-text search
an old <chat> [I cannot find|]
Ctrl+K
something I asked [last week|in March|long ago|yesterday]
the chat history search
a lost <chat>
""",
        acts="""
search [my|all my|old|in my|through my] <chats>
find [an old|a|an earlier|last week's|yesterday's|my old] <chat> [again|]
find [something|a word|an answer] [in my chats|I asked last week|I wrote earlier|from last month|again]
look for [a word|something|an old answer] in my chats
search for [a word|a phrase|text|something I wrote] [in all chats|in my chats|]
look up [an old answer|what I asked last week|an earlier chat]
get back to [an old|last month's] <chat>
""",
        says="""
[I|we] cannot find [an old|my|a|my old|last week's] <chat>
[my|an old] <chats> can be searched
I [asked|wrote|discussed] [something|this] [last week|last month|yesterday|some time ago] and [cannot|can't] find it
I can search [all|my] chats
the search finds [everything|words in old chats|other people's chats]
""",
        asks="""
how do I [search|find|look for|look up] [my|old|earlier|all my|in my] <chats>
how can I [search|find|look for|look up] [my|old|earlier|all my|in my] <chats>
how do I find [an old|a|an earlier|that one|last week's] <chat> [again|]
how can I find [an old|a|an earlier|last week's] <chat> [again|]
how do I find [something|a word|an answer|what] I [asked|wrote|got] [last week|last month|earlier|long ago|yesterday|]
where [is|do I find] the search [box|field|function|bar|]
where [is|are] [my old chat|the chat from last week|my chats from last month|yesterday's chat]
where can I search
which [key|shortcut] [opens|starts] the search
what does Ctrl+K do
can I search [my|all|old|in my|through my|the] <chats>
can I find [an old answer|old chats|something I asked before|a chat by a word]
is there a search [function|box|field|]
does the search find [words in answers|old chats|the chats of others|everything]
does Hearth have [a search|full-text search]
I <want> [search|find] [my chats|an old chat|something|a chat|a word in my chats]
I can't find [an old|my|a|last week's] <chat>
I [cannot|can't] find [a|my|the|that] <chat> [any more|again|from last week|]
I am looking for [an old|a|last week's] <chat>
I [asked|wrote about] [taxes|a recipe|this|something] [last week|in March|yesterday], where is it
I have so many chats, how do I find one
I remember a word from an old chat, how do I find it
search chats
search
find chat
find old conversation
search history
ctrl k
look for a chat
""",
    ),
    "chat.share": wordings(
        things="""
[sharing|the sharing of] [a|my|this] <chat>
[the|a] [share|sharing] [button|link|function]
[a|the] snapshot [of a chat|of this chat|]
[a|the] [link|shared link] to [a|my|this] <chat>
[a|the] shared <chat>
[my|the] shares
revoking a share
a chat for [my colleague|a coworker|the whole team|others]
""",
        acts="""
share [a|this|my|the] <chat> [with a colleague|with others|with my team|with my boss|]
show [a|this|my] <chat> to [a|my] [colleague|coworker|boss|team]
give [a|my|another] [colleague|coworker] access to [a|this|my] <chat>
send [a|this|my] <chat> to [a|my] [colleague|coworker|boss|friend]
revoke [a|the|my] [share|link|shared chat]
stop sharing [a|this|my] <chat>
unshare [a|this|my] <chat>
get a link to [a|this|my] <chat>
let [others|a colleague|my coworker|my team] read [a|this|my] <chat>
publish [a|this|my] <chat>
take back a shared <chat>
""",
        says="""
[a|my|this] <chat> can be shared [with colleagues|with others|outside the company|]
[I|we] can [share|show] [a|my|this] <chat> [with|to] [colleagues|others|a coworker|my boss]
[a|my|the] shared <chat> [changes when I write on|can be revoked|is public|stays as it was]
[people|anyone] outside [the company|the organisation] can [see|read|open] [a|my] shared <chat>
my colleague [wants to|should|needs to] [see|read] this <chat>
""",
        asks="""
how do I share [a|this|my|the] <chat> [with a colleague|with others|with my team|]
how can I share [a|this|my|the] <chat> [with a colleague|with others|with my team|]
how do I [show|send|forward|pass on] [a|this|my] <chat> to [a|my] [colleague|coworker|boss|team]
how do I [unshare|revoke|take back|withdraw|undo] [a share|a shared chat|a link|sharing]
how do I stop sharing [a|this|my] <chat>
where is the share button
where [do|can] I [share|unshare] [a|this|my] <chat>
can I share [a|this|my] <chat> [with a colleague|with others|outside the company|with my team|by link|]
can I [show|send|give] [a|this|my] <chat> to [a|my] [colleague|coworker|boss|friend|team]
can I [revoke|undo|take back|end|withdraw] [a share|sharing|a shared link|a link]
can [my colleague|others|a coworker|my team|people outside] [see|read|open] a [shared|] chat [I share|by a link|]
can outsiders see a shared chat
can people outside [the company|the organisation] open [a shared chat|the link|my snapshot]
who can [see|open|read] [a|my|the] [shared chat|snapshot|link]
what is a snapshot
what [does|do] [my colleague|others|people] see [when|if] I share a chat
what happens [when|if] I share a chat
does [my colleague|the other person] see what I write later [in a shared chat|]
is a shared chat [public|visible outside|updated when I write on]
is there a [share button|way to share a chat|link to a chat]
I <want> [share|show] [a|this|my] <chat> [with|to] [a|my] [colleague|coworker|boss|team]
I want my [colleague|boss|team|coworker] to [see|read] this <chat>
I shared the wrong chat, [what now|can I undo it|can I take it back]
my colleague should see this [answer|chat]
share chat
share this
share with my [colleague|team]
send this chat to [Anna|my boss|my team]
unshare
link to this chat?
""",
    ),
    "chat.export": wordings(
        things="""
[exporting|downloading|the export of] [a|my|this] <chat>
[the|an] export [of a chat|function|]
the Markdown export
the JSON export
[a|the] download of [a|my|this] <chat>
a file of [a|my|this] <chat>
the export formats
a printout of this <chat>
""",
        acts="""
export [a|this|my|the] <chat> [as Markdown|as JSON|as a file|]
export [all|] my chats
download [a|this|my|the] <chat> [as Markdown|as JSON|as a file|as text|]
save [a|this|my|the] <chat> [as a file|on my computer|to disk|locally|as text|as a document]
get [a|this|my] <chat> as [a file|Markdown|JSON|a text file|a document]
take my <chats> [with me|along|to another program]
print [a|this|my] <chat>
move my chats to another program
archive [a|this|my] <chat> as a file
""",
        says="""
[a|my|this] <chat> can be [exported|downloaded|saved as a file]
[I|we] can [export|download] [a|my|this] <chat>
[I|we] need [a|this|my] <chat> as [a file|Markdown|JSON|a document]
there is an export [function|to PDF|to Markdown|to JSON|]
I can take my <chats> with me [when I leave the company|]
""",
        asks="""
how do I [export|download] [a|this|my|the|all my] <chat>
how can I [export|download] [a|this|my|the|all my] <chat>
how do I save [a|this|my] <chat> [as a file|on my computer|to disk|as text|locally]
how do I get [a|this|my] <chat> as [a file|Markdown|JSON|a document]
how do I print [a|this|my] <chat>
where [is|do I find] the export [button|function|menu|]
where [do|can] I [export|download] [a|this|my] <chat>
can I [export|download] [a|this|my|the|all my] <chats>
can I [export|download|save] [a|this|my] <chat> as [a file|Markdown|JSON|PDF|a text file|Word]
can I [take|keep] my chats [with me|when I leave|on a USB stick]
can I have [a|this|my] <chat> as [a file|Markdown|JSON|a document]
can a chat be exported
in [which|what] [format|formats|file format] [can I export|is the export|are chats exported|can I download a chat]
which [export formats|formats] [are there|are supported|can I use|do you offer]
what formats can I export
is there an export [function|to Markdown|to JSON|button|]
is it possible to [download|export|save] [a|my|this] <chat>
does it export [Markdown|JSON|PDF]
do you support [export|Markdown export|JSON export]
I <want> [export|download] [a|this|my|all my] <chats>
I [want|need] [a|this|my] <chat> as [a file|a document|Markdown|JSON|a text file]
I leave the company and want to take my chats
export
export chat
export to JSON
export as markdown
download chat
download conversation
save chat as file
print chat
""",
    ),
}
