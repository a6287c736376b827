"""How people ask what the server does: waiting, surviving, leaving out."""

from tools.builtin_model.dialogues.grammar import Wordings, wordings

TOPICS: dict[str, Wordings] = {
    "chat.reload": wordings(
        things="""
[a|the] [reload|refresh] [of the page|during an answer|]
[reloading|refreshing|closing] [the page|the tab|the browser] [during an answer|while it writes|]
a second tab
[two|several] tabs
a dropped connection
a lost [connection|Wi-Fi]
[switching|changing] [devices|to another device|to the phone] [during an answer|]
an answer after [a reload|closing the tab|closing the browser]
""",
        acts="""
reload the page [during an answer|while you write|without losing anything|]
refresh the [page|browser|tab] [during an answer|]
close the [tab|browser|window|laptop|page] [while it answers|during an answer|]
open the [same|] chat in [a second|another|two] [tab|tabs|window|browser]
leave the page [while it answers|during an answer|]
switch to [my phone|another device|another tab] [in the middle of an answer|while it answers|]
come back [later|tomorrow] and read the answer
go to another chat while this one answers
""",
        says="""
[the|my|an] <ans> is [lost|gone|interrupted] [when|if] I [reload|refresh|close the tab]
[the|my|an] <ans> is [lost|gone|interrupted] [when|if] I [close the browser|close the window|lose the connection]
[I|we] lose [the answer|everything|words|text] [when|if] I [reload|refresh|close the tab|close the browser]
[the answer|it|the model] [goes on|stops|continues|keeps writing] [when|if|while] I [close the tab|am away]
[the answer|it|the model] [goes on|stops|continues|keeps writing] [when|if|while] I [leave the page|reload]
my [internet|connection|Wi-Fi] [broke off|dropped|crashed|failed|was gone|died] [during an answer|]
my [network|browser|laptop] [broke off|dropped|crashed|failed|was gone|died] [during an answer|]
I [closed|reloaded|refreshed|left] the [page|tab|browser] [by mistake|during an answer|while it was writing|]
""",
        asks="""
what happens [when|if] I [reload|refresh|close] [the page|the tab] [during an answer|while it writes|]
what happens [when|if] I [reload|refresh|close] [the browser|the window] [during an answer|while it writes|]
what happens [when|if] [my connection|the internet] [drops|breaks|crashes|goes down|fails] [during an answer|]
what happens [when|if] [the Wi-Fi|my browser|my laptop] [drops|breaks|crashes|goes down|fails] [during an answer|]
what if I [reload|refresh|close] [the page|the tab|the browser|the window]
what if my [connection|Wi-Fi|internet|train goes into a tunnel and the connection] drops
do I lose [the answer|my answer|anything|words|everything] [when|if] I [reload|refresh]
do I lose [the answer|my answer|anything|words|everything] [when|if] I [close the tab|close the browser|go offline]
will I lose [the answer|my answer|anything|everything] [when|if] I [reload|refresh|close the tab|close the browser]
is [the answer|my answer|anything|the text] lost [when|if|after] [I reload|a reload|I close the tab]
is [the answer|my answer|anything|the text] lost [when|if|after] [I refresh|I close the browser|the connection drops]
is it [safe|ok|okay] to [reload|refresh|close the tab|leave the page|close the browser] [while it answers|]
can I [reload|refresh|close] [the page|the tab|the browser|my laptop] [while you answer|during an answer|]
can I open [the same chat|it|Hearth] in [two tabs|a second tab|two windows|several tabs]
can I [start|begin|ask] on the [computer|PC] and [go on|read|continue] on [my|the] phone
can I read the answer [later|tomorrow|on another device|on my phone]
can I go away while it [answers|writes]
can I leave the page
does the answer [go on|continue|run on|stop] [when|if|while] I [close the tab|leave|am away]
does the answer [go on|continue|run on|stop] [when|if|while] I [close the browser|reload|switch tabs]
does [a reload|closing the tab|leaving the page] stop the answer
does it keep writing [when|if] I close [the tab|the browser|the page]
must I stay on the page
must I wait [here|on this page] until it is finished
I closed the tab [while it was writing|], [is the answer gone|is it lost|what now]
I reloaded [the page|] and [the answer is gone|hope nothing is lost|now I worry]
I lost my connection [, is the answer lost|]
my browser crashed [, is the answer lost|]
my battery died [during the answer|while it wrote]
my computer restarted [during an answer|]
why does nothing get lost on reload
where is my answer after a reload
reload?
refresh the page
two tabs?
second tab
""",
    ),
    "chat.crash": wordings(
        things="""
a [crash|failure|breakdown] of [a worker|a machine|the server|a GPU machine|the model]
[a|the] [crashed|dead|broken|failed|killed] [worker|machine|server|model process]
the death of a worker
[a|the] worker
fail-over
failover
fault tolerance
a power cut in the server room
high availability
the reliability of the server
""",
        acts="""
survive [a crash|the death of a worker|a server failure]
continue after a [crash|worker failure|server failure]
restart a [worker|machine] without losing answers
switch off a [machine|worker|GPU server] while it answers
keep answers alive [when a machine dies|]
""",
        says="""
[a|the] [worker|machine|server] [dies|crashes|fails|breaks down] [during an answer|in the middle of an answer|]
[a|the] [GPU|model process|model] [dies|crashes|fails|breaks down] [during an answer|in the middle of an answer|]
[a|the] [worker|machine|server] [goes down|is switched off] [during an answer|in the middle of an answer|]
[a|the] [worker|machine|server] [is restarted|hangs] [during an answer|in the middle of an answer|]
[a|the] [GPU|model process|model] [goes down|is switched off] [during an answer|in the middle of an answer|]
[a|the] [GPU|model process|model] [is restarted|hangs] [during an answer|in the middle of an answer|]
[a|the] [worker|machine|server|GPU|model] [died|crashed|failed|broke down] [during my answer|]
an answer survives [a crash|the death of its worker|a server failure]
another [worker|machine] [takes over|continues|goes on]
the answer is lost when the [worker|machine|server] [dies|crashes|fails]
""",
        asks="""
what happens [when|if] [a|the] [worker|machine|server] [dies|crashes|fails|breaks] [during an answer|]
what happens [when|if] [a|the] [GPU|model process|model] [dies|crashes|fails|breaks] [during an answer|]
what happens [when|if] [a|the] [worker|machine|server] [breaks down|goes down|is killed|hangs] [during an answer|]
what happens [when|if] [a|the] [GPU|model process|model] [breaks down|goes down|is killed|hangs] [during an answer|]
what if [a|the] [worker|machine|server|GPU|model process|model] [dies|crashes|fails|breaks|goes down|is restarted]
what about [a crash|crashes|server failures|a dead worker]
what happens to [my|the|a running] answer [when|if] [a|the] [worker|machine|server|GPU] [dies|crashes|fails|breaks]
is [my|the] answer lost [when|if] [a|the] [worker|machine|server|GPU] [dies|crashes|fails|breaks down]
do I lose [my|the] answer [when|if] [a|the] [worker|machine|server|GPU|model] [dies|crashes|fails]
does [an|my|the] answer survive [a crash|the death of a worker|a crash of the server|a broken machine]
does [another worker|another machine|somebody] [take over|continue|go on] [after a crash|]
who [continues|finishes] [the|my] answer [after a crash|when a worker dies]
can a machine fail without [losing answers|anybody noticing]
can Hearth survive [a crash|a dead worker|the loss of a machine]
is there [failover|fail-over|high availability|redundancy]
is Hearth [fault-tolerant|crash-safe|robust|highly available]
how [robust|reliable|stable|fault-tolerant] is [Hearth|it]
how does Hearth [handle|survive|cope with] [crashes|a crash|failures|dead workers]
the [worker|server|machine] [crashed|died|went down] [in the middle of my answer|], [what now|is my answer lost|and now]
the model crashed
the server [crashed|died|broke down|was restarted] while it [answered|wrote]
somebody [pulled the plug|restarted the server|killed the worker] [during my answer|]
power failure in the data centre during an answer
a machine burns down during an answer
what is a worker
worker crash?
if one machine dies, what then
my answer paused [for a moment|] and then went on, what was that
""",
    ),
    "chat.queue": wordings(
        things="""
[the|a] queue
the [waiting|queue] [time|position|line|list]
[my|the] [place|position] in the queue
the expected wait
[waiting|the wait] for [an answer|the model]
[many|several|hundreds of] [people|users] at [once|the same time]
slow answers
the [load|traffic] on the model
concurrent users
""",
        acts="""
see my [place|position] in the queue
see how long I [have to|must] wait
skip the queue
jump the queue
wait [less|shorter] for an answer
use it [with many people|at the same time as others|together with my colleagues at once]
know when it is my turn
""",
        says="""
[I|we] [have to|must] wait [so long|in a queue|for my turn|a long time|for an answer|]
[I am|my question is] [number five|number 3|waiting|still] in [the|a] queue
[many|several|too many|a hundred] [people|users] [ask|use it|write|are asking] at [once|the same time]
[it|the model|the answer|everything] is [slow|very slow|so slow|busy|overloaded] [today|]
[nothing|no answer] [happens|comes|appears]
[it|the page] says [waiting for the model|I am waiting|number 4 in the queue]
the model is busy [with other people|]
""",
        asks="""
how long [do I have to|must I|will I|do we have to] wait [for an answer|for my turn|]
how long is the [queue|wait|waiting time|line]
how long does it take until [I get an answer|it is my turn|the answer comes]
how many [people|users] [are waiting|are before me|are ahead of me]
how many [people|users] [can use it at once|can ask at the same time|at once|can chat at once]
what is my [place|position] in the queue
what is the [queue|waiting time|expected wait]
what does [waiting for the model|my place in the queue|the queue position] mean
what happens [when|if] [many|several|too many|all] [people|users|of us] [ask|write|use it] at [once|the same time]
where [do|can] I see [my place in the queue|how long I have to wait|the waiting time|my position]
why do I have to wait
why [is it|is the answer|is this|are you|is the model] [so|] slow [today|]
why does [it|nothing|my answer|the answer] [take so long|happen|not come|not start]
why is there no answer [yet|]
why am I [waiting|in a queue]
when [is it my turn|will I get my answer|does my answer start|is it my turn]
who is before me in the queue
is there a [queue|waiting list|waiting line]
is the model [busy|overloaded]
is [somebody|anybody] [else|] [using the model|before me|asking right now]
can [many|several|two] [people|users|] use [it|one model|the model|Hearth] at [once|the same time]
can a hundred [people|users|] use [it|one model|the model|Hearth] at [once|the same time]
can [all my colleagues|more than one] [people|users|] use [it|one model|the model|Hearth] at [once|the same time]
can I [skip|jump] the queue
can we all ask at the same time
do I have to wait [when others ask|until the others are finished|for others|in line]
does it get slower with [many|more] [people|users]
does one person block the others
are others faster than me
I am waiting [for ages|since minutes|for so long|]
I have been waiting [for ages|for minutes|a long time|for five minutes]
it takes [so|too|very] long
the answer does not [start|come|begin]
my question is waiting
it is my turn?
queue?
queue position
so slow
why so slow
waiting
""",
    ),
    "chat.long": wordings(
        things="""
[a|the|my] [very|too|] long <chat>
the [length|maximum length|limit|length limit] of [a|the] <chat>
the context [window|length|size|limit|]
[the|] [oldest|left out|first|dropped|omitted] messages
messages that [no longer fit|were left out|do not fit]
the memory of [the|a] <model> [in a chat|within a chat|]
the notice that messages were left out
the context
forgetting in long chats
""",
        acts="""
write [a very|a|an endlessly] long <chat>
have a <chat> with [hundreds of messages|no end|many messages]
make the <model> remember the [beginning|start|first question] [of a long chat|]
go on in a [very long|too long|full] <chat>
see [which|how many] messages were left out
fit more [text|messages] into a <chat>
paste a very long text
""",
        says="""
[a|my|this|the] <chat> is [too|very|getting too] long
[a|my|this|the] <chat> [no longer fits|does not fit|gets too long|is full]
the <model> [forgets|forgot|does not remember|doesn't know] [the beginning|the start|what I said first] [of the chat|]
the <model> [forgets|forgot|does not remember|doesn't know] the first messages [of the chat|]
the <model> [forgets|forgot] [what we said at the start|earlier messages] [of the chat|]
the <model> [does not remember|doesn't know] [what we said at the start|earlier messages] [of the chat|]
[some|the oldest|old|my first] messages [were|are] [left out|missing|dropped|forgotten|ignored|not read]
there is a limit to the [length|size] of a <chat>
it says [messages|the oldest messages|12 messages] were left out
""",
        asks="""
how long [can|may|should] [a|my|this|the] <chat> [be|get|become]
how much [text|of a chat] can [the|a] model [read|remember|take|handle]
how many messages [can|fit in] a <chat> [have|]
how far back can [the|a] model [remember|read] [in a chat|]
what happens [when|if] [a|my|the|this] <chat> [gets|is|becomes|grows] [too|very|] long
what happens [when|if] [a|my|the|this] <chat> no longer fits
what happens to the [oldest|first|old] messages [of a long chat|in a long chat]
what if [a|my|the] <chat> [gets|is|becomes] too long
what is the [context|context window|context length|maximum length of a chat|length limit]
what does [left out|messages were left out|no longer fit] mean
why [does|did] the model [forget|forgot] [the beginning|what I said]
why [does|did] the model [forget|forgot] [my first question|the start of our chat|earlier messages]
why were [messages|the oldest messages|some messages] left out
why are old messages [missing|left out|ignored]
why do you not remember [the beginning|what I said at the start] [of this chat|]
is there a [limit|maximum|maximum length] [for|to|of] [a chat|the length of a chat|chats|messages in a chat]
is [a|my|this] <chat> [too long|limited|ever full]
does the model [remember|read|know] [the whole chat|everything in this chat|all messages|the beginning of a long chat]
does a <chat> have a [limit|maximum|maximum length]
can [a|my|this] <chat> be [too long|endless|as long as I like]
can a chat get [full|too long]
which messages are [left out|dropped|forgotten] [first|when a chat is too long|]
my <chat> is [very|too|extremely] long
this <chat> has [200|300|a hundred|many] messages [, is that too many|]
it forgot what I [said|wrote] [at the start|at the beginning|a hundred messages ago]
it says the oldest messages no longer fit
it does not remember the beginning [of our chat|of the chat]
context window?
context length
context limit
max length of a chat
chat too long
too many messages
token limit?
""",
    ),
}
