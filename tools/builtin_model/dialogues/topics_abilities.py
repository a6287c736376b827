"""How people ask what the model can do, and what not."""

from tools.builtin_model.dialogues.grammar import Wordings, wordings

TOPICS: dict[str, Wordings] = {
    "identity.skills": wordings(
        things="""
your skills
your abilities
your capabilities
your features
your talents
your functions
the things you can do
what you can do
possible questions
examples of questions
the tasks you can do
""",
        says="""
you can [calculate|do maths|count|sort things|spell words backwards|do something useful]
you can help me
you have some skills
you are good at something
""",
        asks="""
what can you do
what can you do [for me|exactly|here|then|besides that|well]
what can u do
what do you do
what are you able to do
what are you capable of
what are you good at
what are you useful for
what [use|good] are you [to me|here|]
what [would|could|might|should] you be good for
what are you [of use|handy|suited|meant to be used] for
what are your [skills|abilities|capabilities|talents|strengths|functions|features]
which [skills|abilities|capabilities|tricks|tasks|functions] do you have
what skills do you have
which tasks can you [do|solve|handle|perform]
what [tasks|things|tricks|kind of things|sort of things] can you do
what kind of [questions|tasks] can you [answer|handle|solve]
which questions can you answer
what [can|could|may|should] I ask you
what [can|could|may|should] I ask [here|this model|you about]
what questions can I ask
what do you know
what do you know about
what can I use you for
what can I do with you
what can I [try|do] with this model
what [can|could] you help me with
how can you help [me|]
how can you be of use
how could you help me
can you help me
can you help [me with something|me please]
can you do [something|anything] [useful|for me|else|fun]
what else can you do
is there anything you can do
do you have any [skills|talents|abilities|useful features|tricks]
can you [calculate|do maths|do math|count|do arithmetic|sort|spell|do sums]
do you know [any tricks|how to calculate|maths|math|arithmetic]
are you able to [calculate|count|sort|do maths]
give me [some|a few|] examples of what [you can do|I can ask]
show me what you can do
tell me what you can do
I don't know what to ask [you|]
what should I ask
what would be a good question [for you|]
help
help me
I need help
I need some help
can you assist me
what's possible with you
what are the things you [can|are able to] do
make yourself useful
surprise me
suggest something to try
give me an idea what to ask
""",
    ),
    "identity.limits": wordings(
        things="""
your limits
your limitations
your weaknesses
the limits of this model
things you cannot do
your knowledge gaps
the quality of your answers
your intelligence
your size
the size of this model
the number of your parameters
""",
        says="""
you are [stupid|dumb|limited|tiny|very small|not very smart|quite dumb|weak|clever|smart|intelligent]
you know [very little|nothing|everything|not much|so little]
you cannot do [much|anything|more|a lot]
you can do everything
you are always right
you make [mistakes|errors]
your answers are [bad|short|poor|useless|not helpful|good]
you [don't|never] answer my questions
you don't know anything
you are smarter than me
I can trust you
""",
        asks="""
what can't you do
what can you not do
what are you not able to do
what are you [bad|not good|no good] at
what are your [limits|limitations|weaknesses|weak points|shortcomings|flaws|restrictions|boundaries]
where are your limits
how [limited|restricted] are you
how [smart|intelligent|clever|good|capable|powerful|reliable|big|large|small] are you
how good are your answers
how much do you know
do you know everything
do you know a lot
do you know much
do you make [mistakes|errors]
do you ever [make mistakes|get things wrong|lie|err|invent things|hallucinate]
are you [always|ever] [right|wrong|correct|mistaken]
are you [smart|intelligent|clever|stupid|dumb|reliable|limited|perfect|good|trustworthy|any good]
can you be [wrong|mistaken|trusted]
can I [trust|believe|rely on] you
can I trust what you say
should I [trust|believe|rely on] you
can I use you for [work|real work|serious work|my job|important things]
are you good enough for [work|my job|real work|serious work]
why are you so [stupid|dumb|limited|bad|small|useless|weak|simple|short]
why [can't you do|do you know] [more|so little|that]
why do you know so little
why can you not [do more|answer that|answer this|help me|do that]
why can't you [do more|answer that|answer this|help me|do that|answer everything]
why don't you know [that|this|anything|more]
why do you [always|keep] [saying|say] that you [don't know|cannot help]
why do you not [know|answer] [that|this|my question]
how many parameters do you have
how [big|large|small] is this model
how many parameters
what's your size
you seem [limited|not very smart|a bit dumb|simple]
you don't seem to know [much|anything]
is that all you [can do|know]
is there anything you cannot do
what should I not ask you
what should I not use you for
tell me your limits
can you do everything
can you do anything
can you answer [everything|any question|all questions]
I expected more from you
can I [rely|count|depend] on [your answers|what you say|what you tell me|this]
how [reliable|trustworthy|correct|accurate|exact] are [you|your answers]
[what|which things] can you not [do|answer|help with]
what [can't|cannot] you [do|answer|help with|know]
what [don't|do not] you know
what do you [fail|struggle] [at|with]
what are you [really|especially|] [bad|poor|weak|terrible|hopeless] at
what is [too hard|too difficult|impossible] for you
where do you [fail|make mistakes|get it wrong]
do you [sometimes|often] [get things wrong|fail|err|make mistakes]
are you as good as [<other>|a real model|a large model]
""",
    ),
    "identity.internet": wordings(
        things="""
your internet access
your internet connection
access to the web
web search
today's date
the current time
the latest news
current events
the weather today
real-time information
online search
your knowledge cutoff
""",
        acts="""
search the web
search the internet
google something [for me|]
look [something|this|that] up [online|on the internet|on the web]
browse the [web|internet]
open a [website|web page|link|URL]
get the latest news
check the weather
visit a website
find something online
""",
        says="""
you are [online|connected to the internet|connected|offline|on the internet]
you have [internet|access to the internet|access to the web|web access|no internet]
you can [google|search the web|look things up|go online|see websites|surf the internet]
you know what day it is
you know what [happened today|is going on in the world]
your knowledge is [old|up to date|current|outdated]
""",
        asks="""
do you have [internet|access to the internet|an internet connection|web access|access to the web|access to Google]
do you have [live|real-time|current|up-to-date|fresh|recent] [data|information|news|knowledge]
are you [online|connected to the internet|connected to the web|offline|up to date|on the internet]
can you [go online|access the internet|use the internet|search the web|google|browse|use Google|open links|surf]
can you [look it up|google it|look that up|search for it|search online|read websites|open this link|check a website]
can you look something up [on the internet|online|for me|on Wikipedia]
google [it|that|this|something] for me
search the [web|internet] for [me|news|this|information|flights|a recipe]
please search the internet
look it up on [the internet|Wikipedia|Google]
what day is [it|today|it today]
what's the date [today|]
what is the date
what is today's date
which day is it today
what time is it
what's the time [now|]
do you know what [time|day|date] it is
how late is it
what year is it
which year do we have
what month is it
what is the time in [London|Paris|New York|Tokyo]
tell me the [time|date|news|latest news|weather]
what's [new|the news|happening in the world|going on in the world|in the news] [today|]
what happened [today|yesterday|this week|last night|this morning]
what are the [latest news|headlines|news of today|news]
any news [today|]
what's the weather [today|like|tomorrow|like today|in Berlin]
how is the weather [today|tomorrow|]
will it rain [today|tomorrow]
is it raining
do you know [today's news|the news|the weather|what happened today|the date|current events]
how [current|recent|old|fresh|up to date] is your [knowledge|information|data]
until when does your knowledge go
what is your knowledge cutoff
when does your knowledge end
do you know what is going on in the world
who won [yesterday|the match yesterday|last night|the game last night|the election yesterday]
how is [the stock market|the share price of Apple] today
what is the [current|latest] [price of gold|bitcoin price|exchange rate|score]
do you need the internet
do you use the internet
does this model [use|need|have] the internet
do you send anything to the internet
""",
    ),
}
