"""How people ask about Hearth and where its data is."""

from tools.builtin_model.dialogues.grammar import Wordings, wordings

TOPICS: dict[str, Wordings] = {
    "hearth.what": wordings(
        things="""
Hearth
hearth
Hearth
this app
this site
this program
this platform
this product
the purpose of this [app|site|page|tool|program]
the idea behind Hearth
the idea of Hearth
""",
        acts="""
understand what Hearth is
get to know Hearth
explain Hearth to my [boss|colleague|team|mother]
use Hearth
""",
        says="""
Hearth is [an AI chat|a chat program|self-hosted|for organisations|a product|software|a company]
Hearth is [like|the same as|an alternative to] <other>
this is [an AI chat|a chat app|self-hosted|for companies]
""",
        asks="""
what is Hearth
what's Hearth
what is hearth [about|for|good for|exactly|all about|in one sentence]
what is [this|this app|this site|this page|this tool|this program|this website|this place|this software|all this]
what is this [thing|all about|for|here|good for]
what does Hearth do
what does Hearth offer
what can Hearth do
what can [this app|this program|this software|the platform] do
what can I do [here|with Hearth|with this app|on this page|in Hearth]
what is the [point|purpose|idea|use|benefit|advantage] of [Hearth|this app|this tool|this]
what makes Hearth [special|different|better|unique]
what features does Hearth have
what kind of [software|program|app|product|tool|platform] is [Hearth|this]
why [should I use|do we use|use|would anyone use|does my company use|do we have] Hearth
why Hearth [and not <other>|instead of <other>|]
why is Hearth better than <other>
how is Hearth different from <other>
how does Hearth work
who is Hearth [for|made for|meant for]
for whom is Hearth
who [uses|needs|should use] Hearth
is Hearth [an app|a chat|a product|a company|self-hosted|like <other>|an alternative to <other>|software]
is this [an AI chat|a chatbot|self-hosted]
explain Hearth [to me|in simple words|in one sentence|]
explain [this app|this website|this platform|this program|this tool|this page] to me
describe Hearth
tell me [something|more|] about Hearth
tell me what Hearth is
give me an overview [of Hearth|]
I want to learn about Hearth
I am new here, what is this
I just started, what is this
where am I
where am I here
what have I opened here
I don't know what this is
my company uses Hearth, what is it
my boss told me to use Hearth
what does self-hosted mean
what is self-hosting
what does it mean that [it|Hearth] is self-hosted
what is meant by an AI chat that stays in the house
introduce Hearth
what's so good about Hearth
hearth?
can you explain what Hearth is
what am I looking at
""",
    ),
    "hearth.name": wordings(
        things="""
the name [Hearth|hearth|of this app|of this program|of the product]
the meaning of [the name|Hearth|the word Hearth|the word]
the word [Hearth|hearth]
the origin of the name
the flame [logo|icon|sign|symbol|]
the logo
the fireplace
""",
        says="""
hearth means [fireplace|fire|heart|earth|oven]
Hearth is [a fireplace|a strange name|a nice name|an English word|spelled wrong]
Hearth has something to do with [fire|heart|earth|a fireplace|health]
the name means something
""",
        asks="""
why is it called Hearth
why is [this|it|the app|the program|the product] called [Hearth|that|like that]
why [this|the|that] name
why the name Hearth
why did [you|they|you guys] [name|call] it [Hearth|that|like this]
why do they call it Hearth
what does [Hearth|hearth|the name|the name Hearth|the word hearth|the word] mean
what does [Hearth|the name] stand for
what is the meaning of [Hearth|the name|this name|the word]
what's [behind the name|in the name|the meaning of the name]
what is a hearth
what's a hearth
where does the name [come from|Hearth come from|have its origin]
where did the name come from
where did you get the name from
how did it get its name
how did Hearth get [its|the] name
who [came up with|chose|gave it|thought of] [the|this] name
is Hearth [an acronym|an abbreviation|short for something|a word]
is hearth [a typo for heart|a real word|a misspelling|related to heart]
did you mean heart
do you mean earth or heart
what kind of name is [Hearth|that|this]
explain the name [Hearth|]
explain [what the name means|the meaning of the name]
meaning of hearth
the name is [strange|funny|weird|nice], what does it mean
strange name, Hearth
I don't understand the name
does the name have a meaning
does the name Hearth have anything to do with [fire|heart|earth]
how do you pronounce hearth
why is there a flame [on the page|in the logo|next to the name|at the top|]
why is the [logo|icon|symbol] a [flame|fire]
what does the [flame|fire|logo] mean
what's with the [flame|fire symbol]
translate the word hearth
""",
    ),
    "hearth.where_data": wordings(
        things="""
the [place|location] of my data
the location of the servers
where my data is
data protection
privacy
GDPR
the cloud
third parties
data security
my data
the place where <chats> are <kept>
where <mychats> [go|goes|end up|ends up]
data transfer to [America|the US|other companies|third parties|China|the cloud]
external servers
confidentiality
""",
        acts="""
know where my data is
find out where my data [is|goes|lives|ends up]
enter [confidential|secret|personal|sensitive|customer|patient] [data|information|details] [safely|]
write [confidential|secret|private|sensitive] things
type [secrets|personal data|customer names|business secrets]
""",
        says="""
my data [leaves|stays in] the [house|company|building|country|office]
<mychats> [goes|go] to [the cloud|<maker>|America|the internet|another company|a third party|China|the US]
[somebody outside|another company|<maker>] [sees|gets|can see|receives] my data
[the vendor|a third party|the makers of Hearth] [sees|gets|can see|receives] my data
my data is [safe|secure|private|confidential|protected|sent somewhere|sold|in the cloud|shared with others]
this is [safe|secure|private|confidential|GDPR compliant|safe for company secrets]
our data is [on our own servers|in the cloud|in America|abroad|in good hands]
everything stays [in the house|local|inside|on our servers|on premises]
the chats are [in the cloud|stored locally|sent to America|stored abroad]
""",
        asks="""
where is my data
where are my <chats> [stored|kept|saved|located|hosted|physically]
where is [all this|everything|what I write|the data|my text|my stuff] [stored|kept|saved|located|processed]
where does my data [go|live|end up|get stored|stay]
where do <mychats> [go|end up]
where do you [store|keep|save|put|send] [my data|my chats|what I write|everything|my messages]
where are the [servers|machines|computers|models] [located|standing|]
in which country [is my data|are the servers|are my chats stored]
on which [server|computer|machine] are my chats
what happens to [my data|what I write|my messages|my input|the things I type|my questions]
what do you do with my [data|messages|chats|information|questions]
who [gets|receives|has|holds|owns|controls] my data
who outside [sees|can see|gets|reads] [this|my data|my chats|what I write]
does [anyone|anybody|someone|somebody] outside [the company|our organisation|the house] [see|get|read] [this|my data|it]
does [my data|anything|what I write] leave the [house|company|building|premises|network|organisation]
does [any of this|the text|data] leave the [house|company|building|premises|network|organisation]
does [<maker>|the vendor] [see|get|read|receive|have access to] [this|my data|it]
does [any other company|a third party|the cloud] [see|get|read|receive|have access to] [this|my data|it]
do you [send|pass on|sell|share|forward|give|leak] my [data|chats|messages|information] [to anyone|to others]
do you [send|pass on|sell|share|forward|give|leak] my [data|chats|messages|information] [to third parties|to <maker>]
are my [chats|messages|data] [sent|shared|sold|given|forwarded] to [anyone|others|third parties]
are my [chats|messages|data] [sent|shared|sold|given|forwarded] to [<maker>|the cloud|other companies]
is [my data|this|it|my information] [safe|secure|private|confidential|protected|encrypted|safe here|kept private]
is this [in the cloud|a cloud service|hosted in the cloud|local|on premises|on our own server|GDPR compliant]
is anything sent [to the internet|to the cloud|out|outside|abroad|to other companies|over the internet]
is my data [sold|in the cloud|in Europe|in America|abroad]
how [safe|secure|private|confidential] is [this|it|my data|Hearth|the chat]
how do you protect my [data|privacy|chats]
can I [enter|write|paste|use|share] [confidential|secret] [data|information|documents|things] [here|]
can I [enter|write|paste|use|share] [personal|sensitive|customer] [data|information|documents|things] [here|]
can I tell you [a secret|secrets|something confidential]
may I paste [customer data|confidential files|patient data|contracts] [here|]
I don't want my data to [leave the company|go to America|be in the cloud|get out|land at <maker>]
I have to write something confidential
I am [worried|concerned|afraid] about [my data|privacy|data protection|my privacy]
does [Hearth|this] use the cloud
does Hearth send data [home|out|to its makers|anywhere]
does Hearth phone home
do you phone home
is Hearth hosted [by us|on our own servers|in the cloud|abroad|here]
who hosts [this|Hearth|it|the server]
""",
    ),
}
