"""How people ask how long chats are kept."""

from tools.builtin_model.dialogues.grammar import Wordings, wordings

TOPICS: dict[str, Wordings] = {
    "retention.what": wordings(
        things="""
retention
the retention policy
the retention rule
retention policies
data retention
the [rule|rules|policy] for <keeping> <chats>
the [lifetime|storage time|shelf life] of <chats>
how long <chats> are <kept>
the <period> of <chats>
automatic deletion
automatic deletion of [old|] <chats>
old <chats>
the <org>'s bounds
the rules about old <chats>
""",
        acts="""
<keep> [a|my] <chat> for [years|a long time|ever|six months|longer]
<keep> <chats> [for ever|for years|long enough|as long as I like]
see how long <chats> are <kept>
know how long [my|our] <chats> are <kept>
""",
        says="""
[my|our|old|all] <chats> are <kept> [for ever|forever|for years|for a month|only for a while|too long|for a long time]
[my|our|old|all] <chats> are [automatically|] <deleted> [automatically|at some point|after a while|after some time]
old <chats> [disappear|vanish|go away|get <deleted>|are cleaned up] [by themselves|automatically|]
every <team> has [its own rule|the same rule|another rule] for <keeping> <chats>
different <teams> <keep> <chats> for different times
nothing is ever <deleted>
""",
        asks="""
how long [are|will] [my|our|the|] <chats> [be|] <kept>
how long do you <keep> [my|our|] [<chats>|data|stuff|old chats]
how long does [Hearth|the company|it|the system|our team] <keep> [my|our|] [<chats>|data|old chats]
how long [does|will] [a|my|this] <chat> [live|last|stay|exist|remain|be there|survive]
how long do <chats> [live|last|stay|exist|remain|survive]
how long can I [find|see|read|go back to] my [old|] <chats>
for how long [are|do you] <keep> <chats>
for how long is [my data|everything|this] <kept>
how many [days|weeks|months|years] are [my|the|] <chats> <kept>
are [my|our|old|the] <chats> [ever|automatically|] <deleted> [automatically|after some time]
are [my|our|old|the] <chats> [ever|automatically|] <deleted> [at some point|by themselves|]
are [my|our|old|the] <chats> <kept> [for ever|forever|for good|indefinitely|permanently|for long]
do [my|our|old|the] <chats> [disappear|vanish|expire|get deleted|go away] [by themselves|after some time|automatically|]
do you <keep> [my|our|] <chats> [for ever|forever|indefinitely|for long]
does anything get deleted automatically
does every team have the same [rule|period|retention]
who [decides|determines|says|sets|defines] how long [my|our|] <chats> are <kept>
who decides [about the retention|when chats are deleted|what is kept|how long my data stays]
what is [retention|a retention policy|the retention policy|the retention of my team|data retention]
what [rule|policy|rules] [decides|says|exists] how long chats are kept
what happens to [old|my old|very old] <chats> [after a year|after some time|in the end|]
what happens to <chats> nobody [uses|reads|needs] any more
what happens to my <chats> after [a year|some time|a few months|ten years]
why was my old chat deleted [automatically|]
why do old <chats> [disappear|vanish|go away]
is there a [limit|rule|time limit|policy|maximum] for [keeping chats|how long chats are kept|old chats]
is there an automatic [deletion|clean-up]
will my <chats> be [there|available|kept] [next year|in a year|in ten years|for ever|in six months]
can <chats> be <kept> [for ever|for years|for ten years]
does my <team> <keep> <chats> [longer|for ever|for a year]
does the <org> decide how long things are <kept>
different teams, different rules?
data retention?
retention?
my old <chats> are gone, were they deleted automatically
my colleague left the <org>, what about her <chats>
what happens to the <chats> of people who leave
""",
    ),
    "retention.when": wordings(
        things="""
the expiry date [of a chat|of this chat|]
the date until which [a|this|my] <chat> is <kept>
the expiry badge
the start of the <period>
the clock of the retention
the last activity
the day my <chat> [expires|goes|disappears|is deleted]
the remaining time of a <chat>
the "kept until" note
kept until
""",
        acts="""
see when [a|this|my] <chat> [expires|ends|will be deleted|runs out|will disappear]
find out when [a|this|my] <chat> [expires|ends|will be deleted|runs out]
see until when [a|this|my] <chat> is <kept>
know the expiry date of [a|this|my] <chat>
restart the clock [of a chat|]
keep a <chat> alive
""",
        says="""
the [clock|time] [starts|begins|counts|runs] [from|with|at] the [first|last] [message|question|activity]
the [period|countdown] [starts|begins|counts|runs] [from|with|at] the [first|last] [message|question|activity]
the [clock|time|period|countdown] [starts|begins] when I [begin the chat|open it|write the first message]
this <chat> [expires|ends|runs out|will be deleted] [soon|tomorrow|next week|today]
[writing|asking] again [restarts the clock|extends the time|keeps the chat alive|resets the time]
the page shows [when|until when] [it expires|the chat is kept]
""",
        asks="""
when [does|will] [this|my|a|that] <chat> [expire|end|be deleted|run out|disappear|be gone|be removed|go away]
when exactly [does|will] [this|my|a] <chat> [expire|be deleted|disappear]
when is [this|my|a] <chat> [deleted|going to be deleted|due for deletion|removed] [automatically|]
on [which|what] [day|date] [does|will] [this|my] <chat> [expire|be deleted|disappear]
until when is [this|my|a|that] <chat> <kept>
until [which|what] [day|date] is [this|my] <chat> <kept>
how much [time|longer] [does|has] [this|my] <chat> [have|got|] [left|]
how many days [are|] left for this <chat>
what is the expiry date of [this|my] <chat>
where [do|can] I see [when|until when] [a|this|my] <chat> [expires|is kept|will be deleted]
where [do|can] I see the [expiry date|remaining days|date]
where does it say [until when it is kept|when my chat expires]
how do I [see|know|find out] [when|until when] [a|this|my] <chat> [expires|is kept|will be deleted]
when does the [clock|period|time|countdown|retention] [start|begin|run]
when does the retention [period|time] [start|begin]
from when [does the time count|is the time counted|on does the period run]
from which [moment|day|date|point] [is the period counted|does the clock run|does the time count]
what does the [clock|period|countdown] count from
what starts the [clock|period|countdown]
does the [clock|period|time] [start again|restart|begin again|reset] when I [write|ask|post|use the chat] [again|]
does a new [question|message] [extend|prolong|restart|reset] [the time|the period|the clock|it]
does [reading|opening|writing in] a chat [extend|restart|reset] the [time|clock|period]
is it the [first|last] message that counts
does the first or the last message count
is it counted from the [beginning|start|creation|end] of the chat
what counts, the [first|last] [message|day|activity]
what does "kept until" mean
what is the [date|badge|note] [on|at the top of] the chat
my <chat> from [March|last year|Monday|last month], when does it [expire|go|end]
will this <chat> still be here [tomorrow|next week|on Friday|next month]
is my <chat> about to [expire|be deleted]
does a chat that I still use expire
""",
    ),
    "retention.change": wordings(
        things="""
[a|the] change of the <period>
changing the [retention|retention policy|policy|rule|period]
a [longer|shorter|different] <period>
[shortening|extending|lengthening] the [period|retention]
the preview [of a change|before a change|]
the delay [of a shortening|before a shorter period takes effect|]
the settings for retention
the retention settings
""",
        acts="""
<change> [the|our|my team's] [<period>|retention policy|retention rule|retention settings]
<change> how long [our|my|] <chats> are <kept>
[shorten|extend|lengthen|prolong|increase|reduce|double] the <period>
make [our team|us|the system] <keep> <chats> [longer|shorter|for a year|for 30 days|for ever]
set [the|a] [retention|period|time limit] to [30 days|a year|90 days|six months|7 days|two weeks]
let <chats> live [longer|shorter]
see a preview of [the change|what would be deleted]
undo a change of the [period|retention]
cancel a shorter period
choose another retention policy
""",
        says="""
[I|a member|anyone|everyone|a user] can <change> [the <period>|how long chats are kept|the rule|the policy]
[shortening|a shorter period] [takes effect|works|deletes chats] [at once|immediately|right away|later]
[I|we] want a [longer|shorter|different] <period>
the <period> is too [short|long]
somebody <changed> the [period|retention|policy]
the [period|retention|rule] can be <changed>
a change deletes [chats|old chats|everything] at once
""",
        asks="""
who [can|may|is allowed to] <change> [the|our] [<period>|retention policy|rule|retention]
who [can|may] [change|decide|set|extend|shorten] how long [our|my|] <chats> are <kept>
who [changes|sets|shortens|extends] the [period|retention policy|retention time]
how [do I|do we|can I] <change> [the|our] [<period>|retention policy|retention rule|retention]
how [can a team admin|does a team admin|can we] <change> [the|our] [<period>|retention policy]
how [can a team admin|does a team admin|can we] <change> [the|our] [retention rule|retention]
how do I [shorten|extend|lengthen|reduce|increase] [the|our] [retention|period|retention time]
how do [I|we] make chats [live longer|stay longer|go away sooner|expire earlier]
where [do|can] [I|we|team admins] <change> [the|our] [<period>|retention policy|retention|rule]
can [I|we|a member] [<change>|shorten|extend] the [<period>|retention policy|retention rule]
can [members|my boss|a guest|the team] [<change>|shorten|extend] the [<period>|retention policy|retention rule]
can I <change> how long my <chats> are <kept>
can the [period|policy|retention|rule] be [changed|shortened|extended|made longer|made shorter]
may I [change|set|shorten|extend] the [period|retention]
is it possible to have [a longer|a shorter|another] [period|retention]
is there a preview [before|when] [I change the policy|chats are deleted|the period is shortened]
what happens [when|if] [I|we|someone|a team admin] [shorten|shortens|change] the [period|retention|policy]
what happens [when|if] [I|we|someone|a team admin] [changes|reduce|reduces] the [period|retention|policy]
what happens to existing chats when the [period|policy] [changes|gets shorter|is shortened]
when does a [shorter period|new policy] [take effect|apply|start|become active]
when does a [change of the policy|new period|shortening] [take effect|apply|start|become active]
does a [shorter period|change|new policy] [take effect|work|apply] [at once|immediately|right away|for old chats too]
how soon does a [shorter period|change of retention] take effect
are chats deleted [immediately|at once] [when|if] the period is [shortened|changed]
can a [shortening|change of the period] be [cancelled|undone|taken back]
I am a team admin and want to [change the retention|keep chats longer|shorten the period]
I am the team lead, how do I set [30 days|a year|another period]
we need to keep our chats for [ten years|one year|six months|longer], how
we [want|need] our chats [deleted earlier|kept longer|kept for a year|to be kept shorter]
[30|90|60|7] days is too [short|long] for us
please keep our chats [longer|for a year]
increase retention
shorter retention
set retention to [30|90|365] days
a team admin made the period shorter, are my chats gone
""",
    ),
    "retention.hold": wordings(
        things="""
[a|the] legal hold
legal holds
legal hold
the hold [on a chat|on my chats|]
a litigation hold
[a chat|chats|content|evidence] under [a|] legal hold
the preservation of evidence
freezing chats for [a|an] <law>
holds
a hold
""",
        acts="""
place a [legal hold|hold] [on a chat|on a person|]
put [a chat|chats|someone|an employee] on [legal hold|hold]
lift [a|the] [legal hold|hold]
freeze [chats|a chat|evidence] [for a <law>|for the lawyers|]
preserve [chats|evidence] for [a|an] <law>
prevent the deletion of [chats|evidence] [for the court|]
delete a chat [under|that is on] [legal hold|hold]
keep [chats|evidence] for [the court|our lawyers|a <law>]
""",
        says="""
[a|the] [legal hold|hold] [keeps|protects|saves|freezes] [my chats|chats|content|everything]
[my chat|a chat|this chat|my account] is [under|on] [legal hold|hold|a legal hold]
a [legal hold|hold] is stronger than [a delete|the policy|the retention rule|everything]
[I|a user|somebody] can delete [a chat|chats] under [legal hold|a hold]
a legal hold [stops|prevents|blocks] deletion
our lawyers need [my|the|some] chats
""",
        asks="""
what is [a|the] [legal hold|hold|litigation hold]
what is legal hold
what does [a legal hold|legal hold|a hold|"on hold"] [do|mean]
what happens [to|with] [chats|a chat|my chats] [under|on|during] [a legal hold|legal hold|hold]
what happens [when|if] [a legal hold is set|there is a legal hold|the hold ends|I delete a chat on legal hold]
who [can|may] [place|set|put|lift|end] a [legal hold|hold]
who places a legal hold
why [is|was] my chat [on|under] [legal hold|hold]
why can't I delete [this|my|a] chat [under|that is on] [legal hold|hold]
why is a [chat|conversation] kept although [I deleted it|its time is over|the policy says delete]
can [I|somebody|an admin] delete [a chat|chats|my chat] [under|on|during] [a legal hold|legal hold|a hold]
can chats be [frozen|preserved|protected from deletion|kept as evidence] [for a <law>|for the court|]
can a chat be [protected|saved] from [deletion|the retention policy]
does a [legal hold|hold] [beat|override|win over|stop] [the policy|a delete|the retention rule|my delete|deletion]
does a delete work during a legal hold
how long does a [legal hold|hold] [last|take|stay]
how does a [legal hold|hold] work
is there a [legal hold|way to freeze chats|hold function]
is [my chat|anything] on [legal hold|hold]
there is [a|an] <law>, [what happens to our chats|can we keep the chats]
there is [a|an] <law>, [how do we keep the evidence|nothing may be deleted]
we are in [a|an] <law>, [what about our chats|nothing may be deleted]
we [have|got] [a|an] <law>, how do we stop the deletion
our lawyer [says we must keep|wants us to keep|asks for] [all chats|everything|the chats|evidence]
the court needs [the|our|my] [chats|conversations|messages] as evidence
chats as evidence in court
what wins, the hold or the [policy|delete]
legal hold or retention policy, which is stronger
legal hold?
hold?
""",
    ),
    "temporary": wordings(
        things="""
[a|the] temporary <chat>
temporary <chats>
[an|the] incognito [chat|mode]
[a|the] private mode
[a|the] short-lived <chat>
a throwaway <chat>
disappearing <chats>
self-deleting <chats>
a <chat> that leaves no trace
temporary mode
""",
        acts="""
start a temporary <chat>
open a [temporary|short-lived|disappearing|private] <chat>
chat [incognito|temporarily|without a trace|in private mode]
have a <chat> that [is not kept|deletes itself|disappears by itself|leaves no trace|is not saved]
ask something without [saving it|leaving a trace|it being kept]
use [incognito|temporary|private] mode
make a <chat> temporary
keep a temporary <chat>
""",
        says="""
a temporary <chat> [lives|lasts|stays|is kept] [for hours|only for hours|for a day|for ever]
temporary <chats> [disappear|vanish|delete themselves|are not saved|are kept]
there [is|are] [an incognito mode|temporary chats|a private mode|chats that delete themselves]
a <chat> can [delete itself|disappear by itself] [after some hours|tomorrow|]
my temporary chat is gone
""",
        asks="""
what is a temporary <chat>
what are temporary <chats>
what does temporary mean [here|for a chat]
what [happens|is the difference] [to a temporary chat|with temporary chats|between a temporary and a normal chat]
how long does a temporary <chat> [live|last|stay|exist|remain]
how long do temporary <chats> [live|last|stay|exist]
how long is a temporary <chat> <kept>
when does a temporary <chat> [end|disappear|expire|go away]
are temporary <chats> [saved|kept|stored|deleted|gone after a while]
is a temporary <chat> [saved|kept|stored|deleted automatically|gone tomorrow]
is there [an incognito mode|a private mode|a temporary mode|incognito|something like incognito]
do you have [an incognito mode|temporary chats|a private mode|disappearing messages]
can I [chat|write|ask] [incognito|without a trace|without saving|temporarily|in private mode]
can a <chat> [delete itself|disappear by itself|vanish on its own]
how do I start a temporary <chat>
how do temporary chats work
I want a <chat> that [is not kept|disappears|deletes itself|leaves no trace|nobody finds tomorrow|is gone tomorrow]
I only need this [for an hour|for today|once], it [need not|should not] be [kept|saved]
I don't want this <chat> to be [saved|kept|stored]
can I avoid that a <chat> is saved
why should I use a temporary <chat>
where is my temporary <chat>
my temporary <chat> [is gone|disappeared|vanished], why
incognito?
incognito mode
temporary chat?
can I keep a temporary chat [longer|for ever]
""",
    ),
}
