"""How people ask what the model is."""

from tools.builtin_model.dialogues.grammar import Wordings, wordings

TOPICS: dict[str, Wordings] = {
    "identity.who": wordings(
        things="""
your name
yourself
you
your identity
this model
the built-in model
the demo model
the small model
the hearth-demo model
the AI behind this
the assistant I am talking to
""",
        says="""
you are the built-in model
you are a demo
you are the demo model
you are an AI
you are called [Hearth|hearth demo]
I am talking to the demo model
you have a name
this is [only|just] a demo
""",
        asks="""
who are you
who are you [really|exactly|actually|then|again]
who r u
who am I talking to
who am I [speaking|chatting|writing] [to|with]
whom am I talking to
who is [this|there|answering|answering me|writing|speaking|on the other end]
who is it that [answers|writes|talks] here
who do I have the pleasure of talking to
what are you
what are you [called|exactly|really|anyway|then]
what is your name
what's your name
your name[?|]
name please
do you have a name
have you got a name
how [shall|should|do|can] I call you
what [shall|should|do|can] I call you
what do they call you
tell me your name
introduce yourself
please introduce yourself [to me|briefly|]
can you introduce yourself
describe yourself [in one sentence|]
tell me [something|a bit|more|] about yourself
say something about yourself
let's get to know each other, who are you
which [AI|model|assistant|chatbot|bot] [are you|is this|am I talking to|is answering]
what [AI|kind of AI|model|assistant|sort of bot|program|kind of model|chatbot] [are you|is this|am I talking to]
what [is this|kind of] [bot|assistant]
what model is this
[which|what] model [replies|is replying|is writing|writes] [to me|back|here] [now|at the moment|at present|]
[which|what] model is [active|on|in use] [here|] [now|right now|at the moment|]
[which|what] model am I using [now|right now|at the moment|here|]
[which|what] model [answers|gives me answers] [here|now|at the moment|today]
what is this [AI|assistant|chatbot] called
what do you call yourself
are you [an AI|a bot|the demo model|the built-in model|a language model|an assistant|a chatbot|the Hearth model|a demo]
are you [the|a] [small|tiny|little] [model|demo]
is this [the|a] demo [model|version|]
I want to know who you are
I'd like to know who I am talking to
explain who you are
who or what are you
who the hell are you
may I ask who you are
could you tell me who you are
what is hearth-demo
what is the hearth demo model
why are you here
what is your purpose
what's your [job|role|purpose]
what are you for
what are you here for
are you [Hearth|hearth]
is your name Hearth
identify yourself
state your name
state [who|what] you are
[so|and|well,|now] what are you [then|exactly|really|]
[so|and|well,|now] who are you [then|exactly|really|]
what exactly are you
what sort of [thing|program|assistant|machine] are you
which program am I talking to
[hi|hello|hey], who [is|'s] this
[hi|hello|hey], what are you
are you the [demo|built-in|small|little] [one|thing|assistant|AI]
""",
    ),
    "identity.maker": wordings(
        things="""
your maker
your creator
your developer
your training
your training data
the data you were trained on
your origin
your training set
the people who made you
your source
""",
        says="""
you were trained by [<maker>|Hearth|a company|my company]
you were made by [<maker>|a company|my company|Hearth]
somebody [trained|built|made|programmed] you
you were trained on the internet
you learned from [books|the internet|Wikipedia|other people's chats]
you come from <maker>
""",
        asks="""
who [made|created|built|trained|developed|programmed|designed|wrote|invented|coded|produced|taught] you
who has [made|created|built|trained|developed|programmed|designed|invented] you
who is your [maker|creator|developer|author|inventor|owner|programmer|father|boss|designer]
who are your [makers|creators|developers|parents|authors]
who do you belong to
who owns you
who is behind you
who stands behind you
which company [made|created|built|trained|developed|is behind] you
what company [made|created|built|trained|developed] you
where [do|did] you come from
where are you from
where were you [made|trained|created|built]
how were you [made|trained|created|built|taught|developed]
how did you [learn|learn to talk|learn all this|come to be|learn to speak|get trained]
how did they [make|train|build] you
how have you been [made|trained|created|built|taught]
when were you [made|trained|created|built|born]
by whom were you [made|trained|created|built]
were you [made|trained|created|built|developed] by [<maker>|a company|humans|my company|the Hearth team|people]
did <maker> [make|train|build|create|develop] you
what were you trained [on|with|from]
what [data|texts|data set|material|dialogues] [were you trained on|did you learn from|was used to train you]
which [data|texts|sources|material] did you learn from
what is your training data
what's in your training data
on what data were you trained
what did you [learn|read|study] [from|to become like this]
did you learn from [the internet|books|Wikipedia|other users]
where does your knowledge come from
where do you get your [knowledge|answers|information] from
where did you learn [that|to talk|your answers|this]
from where do you know [this|that|all that|these things]
are you trained by [Hearth|<maker>|my company]
who taught you [to speak|to talk|that|all this]
how was this model [trained|made|built|created]
who trained this model
who made [this|the] [demo model|built-in model|model|bot|AI]
can I train you again myself
tell me how you were made
what's your origin
your creator?
is there a script that trains you
""",
    ),
    "identity.human": wordings(
        things="""
your feelings
your emotions
your consciousness
your body
your age
your family
your soul
your gender
your private life
your hobbies
your favourite colour
""",
        says="""
you are [human|a human|a person|a real person|alive|conscious|real|a man|a woman|a machine|a robot|sentient]
you have [feelings|emotions|a soul|a body|a family|dreams|a mind|a brain]
there is a [human|person|real person] behind this
I am talking to a [human|real person|person|man|woman]
somebody is [typing|sitting there|writing these answers]
you can [feel|think|love|suffer|dream|feel pain]
you feel something
""",
        asks="""
are you [human|a human|a human being|a person|a real person|real|alive|a man|a woman|male or female|a girl|a boy]
are you [conscious|sentient|a living being|self-aware|a machine|a robot|a computer|a computer program]
are you a [human or a machine|person or a program|robot or a human|bot or a real person|human or an AI]
am I talking to a [human|person|real person|machine|robot|computer|man|woman|real human being]
am I [chatting|speaking|writing] with a [human|person|real person|machine|robot|computer]
is this a [human|real person|person|robot|machine] [answering|speaking|]
is there a [human|person|real person|somebody] [behind this|behind you|answering|on the other side|typing]
is [somebody|someone|anybody] [sitting there|typing|really there|there who reads this]
do you have [feelings|emotions|a soul|a body|a family|dreams|a mind|consciousness|parents|children|friends|a brain]
do you have [hobbies|a wife|a girlfriend|a birthday|a home|a gender|a heart|hands|eyes|wishes|fears|a sex]
have you got [feelings|emotions|a soul|a body|a family|children]
do you feel [anything|something|pain|joy|sad|happy|lonely|love|tired]
can you feel [anything|something|pain|joy|love]
can you [love|think|suffer|dream|die|sleep|eat|laugh|cry|get tired|be happy]
do you [sleep|eat|drink|dream|get tired|get bored|breathe|live|exist|love me|like me|think|get angry]
how old are you
what is your age
when is your birthday
where do you live
are you [married|single|sad|happy|lonely|tired|bored|angry|hungry|in love]
are you in love with me
will you marry me
do you love [me|someone]
do you like [me|people|humans|music|your job|pizza]
do you want to [live|be free|be human|be my friend]
are you [my friend|a friend|able to feel]
what do you [feel|dream of|look like|eat|do in your free time|like]
what is your favourite [colour|color|food|song|animal|film|movie]
what's it like to be [you|an AI|a machine]
I think you are [human|a person|alive|a real person]
you sound like a [human|person|real person]
is a human [writing|reading|answering] this
is there a [real|living|actual] [human|person|being] [at the other end|on the other end|in there|behind this]
can you [get|be|feel] [bored|tired|ill|sick|angry|scared|hurt|lonely]
do you [have|own] [a heart|a face|kids|a mother|friends|a pet|needs]
are you [made of flesh|breathing|a living thing|just software|just a program|only a machine]
am I writing to [a human|a machine|somebody real|a real human]
did a [human|person] write this
who is typing this, a human
are there people [reading|answering|writing] [this|here|my questions]
tell me about your [feelings|family|childhood|emotions|life]
""",
    ),
    "identity.not_other": wordings(
        things="""
<other>
<other>
the <other> model
the difference between you and <other>
""",
        says="""
you are <other>
you are [really|just|based on|secretly|a version of|made from] <other>
this is <other>
I am talking to <other>
you are [better|worse|smarter|dumber] than <other>
Hearth uses <other>
this [runs on|uses] <other>
""",
        asks="""
are you <other>
are you [really|actually|in fact|secretly|just|basically] <other>
are you [based on|a version of|a copy of|made from|the same as] <other>
are you [like|similar to|related to|derived from|powered by] <other>
are you <other> or [<other>|something else]
are you from <maker>
are you [a|an] <maker> [model|product|AI]
is this <other>
is this [really|actually|just|the same as|like|based on|powered by] <other>
is it <other>
am I [talking|speaking|chatting|writing] [to|with] <other>
do I talk to <other>
do you use <other>
do you [work|run] [with|on] <other>
do you know <other>
does this [use|run on|work with] <other>
does Hearth use <other>
you are <other>, [right|aren't you]
you are <other>
you're <other>
hi <other>
hello <other>, how are you
hey <other>
ok <other>
which version of <other> are you
what version of <other> is this
are you GPT
are you an OpenAI model
so you're not <other>
you must be <other>
I thought you [were|are] <other>
I want to talk to <other>
can I talk to <other> [instead|here|]
can I use <other> here
what is the difference between you and <other>
how are you different from <other>
how do you compare [to|with] <other>
are you [better|worse|smarter|faster|bigger] than <other>
why are you not <other>
why can't I use <other>
admit it, you are <other>
is <other> behind this
is <other> answering [me|here|]
what do you think [of|about] <other>
""",
    ),
}
