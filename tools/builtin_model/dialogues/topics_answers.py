"""How people ask about stopping, repeating, changing and continuing answers."""

# ruff: noqa: RUF001 - the angle quotation marks are what the buttons show

from tools.builtin_model.dialogues.grammar import Wordings, wordings

TOPICS: dict[str, Wordings] = {
    "chat.stop": wordings(
        things="""
[stopping|interrupting|aborting|cancelling|halting|breaking off] [an|the|a running] <ans>
the stop <button>
a stop <button>
the Escape key
Stop
[a|an] [running|endless|too long|unwanted] answer
the words so far after [a stop|stopping]
""",
        acts="""
<stop> [an|the|this|a running] <ans>
<stop> [you|the model|it|the AI] [while it writes|from writing|in the middle of an answer|]
<stop> [an|the] <ans> [in the middle|half way|early|before it ends|while it runs]
make [you|it|the model|the AI] [stop|stop writing|stop talking|be quiet|shut up]
interrupt [you|the model|the AI]
keep [you|the model] from writing on
""",
        says="""
the <ans> is [too long|running in the wrong direction|going wrong|endless|not what I want]
the <ans> [never ends|goes on and on|does not stop|won't stop|keeps running]
[it|the model|you] [never stops|does not stop|won't stop]
[it|the model|you] [keeps writing|goes on for ever|writes and writes|writes too much]
[the words so far|what was written] [are|is] [lost|kept] [when|if|after] I stop
I can [stop|interrupt|cancel] [an|the] <ans>
I pressed Escape
""",
        asks="""
how do I <stop> [an|the|this|a running] <ans>
how can I <stop> [an|the|this|a running] <ans>
how do I [stop|interrupt|abort|cancel] [you|the model|it|this|the AI|the generation]
how do I make [you|it|the model|the AI] [stop|stop writing|stop talking|shut up|be quiet]
how do I shut [you|it|the model] up
where is the stop button
which [key|button] [stops|interrupts|cancels|aborts] [an answer|the answer|the model|it|the generation]
what does [Escape|Esc|the Escape key|the stop button] do
what happens [when|if] I [press Stop|press Escape|press Esc|stop an answer|hit Escape|interrupt you]
what happens to the [words|text] [so far|] [when|if] I [stop|press Stop|cancel]
can I <stop> [an|the|this|a running] <ans>
can I [stop|interrupt|cancel] [you|the model|it] [in the middle|while you write|]
can the [answer|generation|reply] be [stopped|interrupted|cancelled|aborted]
do I lose the [text|words|answer] [when|if] I [stop|press stop|stop it]
is the text lost [when|if] I [stop|press stop]
is there a stop [button|key]
I <want> <stop> [an|the|this] <ans>
I want [it|you|the model] to stop [now|writing|]
I have seen enough [of this answer|], how do I stop it
the answer goes [in the wrong direction|nowhere|wrong], how do I stop it
it writes too [long|much], how do I <stop> [it|the answer]
it does not stop [writing|talking], what can I do
stop [now|it|that|writing|talking|the answer|please|]
please stop
stop it
cancel the answer
stop generating
abort
stop button?
enough
shut up
halt the answer
where did the Send button go
why does the Send button [change|say Stop|look different]
""",
    ),
    "chat.regenerate": wordings(
        things="""
regenerating
[regenerating|repeating|redoing|rerolling] an <ans>
the Regenerate <button>
[another|a second|a different|a better|a new] <ans> [to the same question|]
[another|a second] [try|attempt]
the old answer after regenerating
different answers to the same question
""",
        acts="""
regenerate [an|the|this] <ans>
get [another|a different|a better|a new|a second] <ans> [to the same question|]
[repeat|redo|retry|reroll|renew] [an|the|this] <ans>
let [you|the model|it] try [again|once more|a second time]
make [you|the model|it] answer [again|once more]
ask the same [question|thing] again [without typing it|]
have [an|the] <ans> written [again|anew|new]
see the [old|first|earlier|previous] <ans> again [after regenerating|]
replace a bad <ans>
""",
        says="""
[I|we] can [get another answer|regenerate an answer|have a second try]
[I|we] [don't like|am not happy with|do not like|dislike] [this|the|your] <ans>
[this|the|your] <ans> [is bad|is not good|could be better|does not help|is no good]
the [old|first] answer is [lost|kept|deleted|overwritten] when I [regenerate|ask again|try again]
the model can [try again|answer again]
""",
        asks="""
how do I [regenerate|repeat|redo|retry|renew] [an|the|this] <ans>
how can I [regenerate|repeat|redo|retry|renew] [an|the|this] <ans>
how do I get [another|a different|a better|a new|a second|an alternative] <ans>
how can I get [another|a different|a better|a new|a second|an alternative] <ans>
how do I make [you|it|the model] [answer again|try again|answer anew]
how do I see the [first|old|earlier|previous] answer again
can I [get|have] [another|a different|a better|a new|a second|an alternative] <ans>
can [you|it|the model] [try again|answer again|give me another answer|do that again|do it better|answer differently]
can I regenerate [an|the|this] <ans>
can I let the model answer again
where is [the|] [regenerate|retry|try again|repeat] [button|]
what does [Regenerate|the Regenerate button] do
what happens [when|if] I [press Regenerate|regenerate|try again]
what happens to the old answer [when|if|after] I regenerate
is the [old|first|previous] <ans> [kept|lost|gone|deleted] [when|if|after] I [regenerate|press Regenerate|try again]
is there a [retry|regenerate|repeat] button
I [don't|do not] like [this|the|your|that] <ans>
I [don't|do not] like [this|the|your|that] <ans>, [what now|another one|can I get another|try again]
I am not [happy|satisfied] with [this|the|your] <ans>
I want [another|a different|a better|a new|a second] <ans>
the <ans> is [bad|not good|poor], [try again|another one please|can I have another]
give me [another|a different|a new|a better] <ans>
try again
try [it|that] again
[please|] try once more
again please
another [try|attempt|one|answer|version]
one more time
do it again
do that again
answer again
redo
retry
regenerate
regenerate?
same question, other answer
second opinion from the same model
""",
    ),
    "chat.edit": wordings(
        things="""
[editing|changing|correcting|rewording] [a|my|the|an old] [question|message|prompt]
the Edit <button>
[a|the] [branch|branches]
the arrows ‹ 2/3 ›
the ‹ › arrows
the versions of [a|my] question
[a|the] [sibling|other|earlier|new] branch
the little 2/3
a typo in my question
branches of a conversation
""",
        acts="""
edit [a|my|the|an old|my last|an earlier] [question|message|prompt]
[correct|change|reword|rephrase|fix|improve|rewrite] [a|my|the|an old|my last|an earlier] [question|message|prompt]
fix a [typo|mistake|spelling mistake] in my [question|message|prompt]
go back to [an earlier|the old|the first] [version|question|branch]
switch between [versions|branches|the versions of a question]
see the [old|earlier|previous] version of my question
change what I [asked|wrote|typed|sent]
go back and change [something|a question]
""",
        says="""
[a|my] question can be [edited|changed|corrected|reworded] [later|afterwards|after sending|]
[I|we] can [edit|change|correct] [a|my|an old] question [after sending|later|]
[I|there is] [made a typo|have a typo|a mistake|a typo] in my [question|message]
the old [question|version|branch|answer] is [lost|kept|deleted] [when|if|after] I edit
I [asked|wrote|typed] the wrong [thing|question|word]
editing [deletes|overwrites|loses] [the old answer|the old version|what came after]
""",
        asks="""
how do I [edit|correct|change|reword|rephrase|fix|modify] [a|my|the|an old|my last] [question|message|prompt]
how can I [edit|correct|change|reword|rephrase|fix|modify] [a|my|the|an old|my last] [question|message|prompt]
how do I fix a [typo|mistake] in [my question|what I sent|a message]
how do I get [back to|to] [the old version|the first version|the other branch|an earlier version]
how do I switch between [versions|branches]
where [do|can] I [edit|change|correct] [a|my] [question|message|prompt]
where is the edit button
where is my old [question|version] [after editing|]
what [is|does] [‹ 2/3 ›|2/3|‹ 1/2 ›|the 2/3|1/2] [mean|]
what do the arrows [mean|do]
what does [Edit|the Edit button] do
what is a [branch|sibling branch]
what happens [when|if] I edit [a|my|an old] [question|message]
what happens to the old [answer|question|version] [when|if|after] I edit [a|my] question
can I [edit|correct|change] [a|my|the|an old|my last] [question|message|prompt] [afterwards|after sending it|later|]
can I [reword|fix|modify] [a|my|the|an old|my last] [question|message|prompt] [afterwards|after sending it|later|]
can I [change|edit] what I [wrote|asked|sent|typed]
can a question be [edited|changed|corrected] [after sending|]
is the old [question|version|answer] [lost|gone|kept] [when|if|after] I edit
is it possible to [edit|change] a sent [message|question]
do I lose anything when I edit a question
I [made|have|found] a [typo|mistake|spelling mistake|error] in my [question|message|prompt]
I [made|have] a typo, [can I fix it|how do I correct it|must I ask again]
I [misspelled|mistyped] something
I asked [the wrong thing|it wrong|badly], can I change it
I want to [change|edit|reword|rephrase|correct|ask differently] my [last|first|] question
I sent it too [early|soon], [can I change it|how do I edit it]
I forgot something in my question
oops, typo in my question
let me rephrase my question
edit message
edit question
change my question
correct prompt
branch?
""",
    ),
    "chat.continue": wordings(
        things="""
the Continue <button>
[continuing|finishing|completing|going on with] [an|the] <ans>
[a|the] [cut|cut-off|half|unfinished|incomplete|broken off|stopped|truncated] <ans>
Continue
the rest of [an|the] <ans>
the end of [an|the] <ans> [that is missing|]
""",
        acts="""
continue [an|the|a stopped|a cut|an unfinished] <ans>
[go on|carry on|proceed] with [an|the|a stopped] <ans>
[finish|complete|resume|extend] [an|the|a stopped|a cut|an unfinished|a half] <ans>
get the [rest|remainder|end|second half] of [an|the|a cut] <ans>
let [you|the model|it] [go on|write on|finish|continue|carry on]
make [you|the model|it] [go on|write on|finish the sentence|continue|carry on] [after a stop|]
go on after [a stop|I pressed Stop|stopping]
""",
        says="""
[the|an|my|this] <ans> [is|was] [cut|cut off|unfinished|incomplete|not finished|not complete|truncated|interrupted]
[the|an|my|this] <ans> [ends|ended|stopped|stops|breaks off|broke off] [in the middle|mid-sentence]
[the|an|my|this] <ans> [ends|ended|stopped|stops|breaks off|broke off] too early
[the|an|my|this] <ans> [ends|ended|stopped|stops|breaks off|broke off] [half way|in the middle of a sentence]
the [rest|end] of the <ans> is missing
the model [stopped in the middle|did not finish|never finished the sentence]
[an|the] <ans> can [go on|be continued|be finished] [after a stop|]
""",
        asks="""
how do I [continue|finish|complete|resume|go on with] [an|the|this|a stopped|a cut] <ans>
how can I [continue|finish|complete|resume|go on with] [an|the|this|a stopped|a cut] <ans>
how do I get the rest [of the answer|]
how do I make [you|it|the model] [go on|continue|write on|carry on|finish]
how does it go on [after a stop|]
where is [the|] continue [button|]
where is the rest [of the answer|]
what does [Continue|the Continue button] do
what happens [when|if] I press Continue
can [you|it|the model] [go on|continue|write on|carry on|finish the answer|finish that|finish the sentence]
can I [continue|resume|finish] [an|the|a stopped|a cut] <ans>
can a stopped answer be continued
does it [go on|continue] where it [stopped|ended|was cut]
does Continue start from the beginning
why [did|does] [the answer|it|the model] [stop|end|break off] in the middle [of a sentence|]
why is the answer [cut|cut off|incomplete|not finished|so short at the end]
I stopped the answer [too early|by mistake|], [how does it go on|can it continue]
I stopped the answer [too early|by mistake|], [can I have the rest|now I want the rest]
I pressed Stop [too early|by mistake|], how does it go on
I want the rest [of the answer|]
I want [it|you|the model] to [go on|continue|write on|finish]
the answer [was cut|is cut off], [how does it go on|what now|how do I get the rest]
the answer [ended in the middle|is not complete|is incomplete], [how does it go on|what now|how do I get the rest]
the answer is not finished
it stopped in the middle [of a sentence|]
you did not finish
you stopped in the middle
you were cut off
go on
go on please
continue
please continue
carry on
keep going
keep writing
continue please
finish the answer
and the rest
the rest please
write on
resume
""",
    ),
}
