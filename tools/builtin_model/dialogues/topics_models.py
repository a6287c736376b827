"""How people ask about models."""

from tools.builtin_model.dialogues.grammar import Wordings, wordings

TOPICS: dict[str, Wordings] = {
    "models.add": wordings(
        things="""
[adding|installing|importing|loading|deploying|uploading] [a|another|a new|a larger|a bigger|my own] <model>
the import of [models|a GGUF file|a GGUF|new models]
a [larger|bigger|better|new|smarter|second|more capable] <model>
a GGUF file
importing a GGUF
the MODEL option
model [import|upload|installation|deployment]
new <models>
""",
        acts="""
add [a|another|a new|a larger|a bigger|a better|my own|more than one] <model>
install [a|another|a new|a larger|a better|my own] <model>
import [a|another|a new|my own] [<model>|GGUF|GGUF file|model file]
load [a|another|a new|a different|my own] [<model>|GGUF|GGUF file]
deploy [a|another|a new] <model>
upload [a|my] [<model>|GGUF|model file]
get a [larger|bigger|better|smarter|more capable|stronger] <model>
put a [larger|bigger|better|new|real] <model> [in|on the server|into Hearth]
set up a [new|larger|bigger|different] <model>
upgrade [the|to a better|to a larger] <model>
replace [you|the demo model|this model] [with a larger one|by a better one|]
make [Llama|Mistral|Qwen|Gemma] available
add [Llama|Mistral|Qwen|Gemma|a Hugging Face model]
use a downloaded <model>
bring my own <model>
run a [larger|bigger|better] <model>
""",
        says="""
a [larger|bigger|better|new|second] <model> can be added
[I|we|an administrator] can add [a model|models|more models|our own models]
we need a [larger|bigger|better|smarter] <model>
I have a [GGUF file|model file|model on my disk]
I have downloaded a [model|GGUF]
there is only the demo model
there are no other models [here|]
""",
        asks="""
how do I add a [larger|bigger|better|] <model>
how does an administrator add [a model|models|another model|a larger model]
how can [an admin|our admin|the administrator] [add|install|import] [a model|a larger model|new models]
how do we get a [better|larger|bigger|smarter|real] <model>
where do I [put|place|copy|save] the [GGUF|model|model file|GGUF file|weights]
what do I do with [a|the|my] [GGUF file|GGUF|downloaded model|model file]
which [command|option] [adds|loads|starts with] [another|a|my own] model
what command loads a model
who can add [models|a model|new models|a larger model]
who installs [new models|models|a larger model]
I [have|downloaded|got] a [GGUF|GGUF file|model|model file], [what now|now what|where does it go|how do I use it]
I am an admin and want to [add|install|import|load] a model
I want [a better|a smarter|a larger|a bigger|another|a real] [model|AI] [than you|]
I need a [better|smarter|larger|bigger|real] [model|AI]
can we have a [better|smarter|larger|bigger|real] [model|AI]
can an [admin|administrator] [add|install] [more|other|larger] models
can Hearth run [a larger model|other models|a bigger model|our own model]
you are too small, how do we get a larger one
start hearth with [a|another|my] model
make run with [a|my own|another] model
how to start it with my own model file
is there a larger model
when do we get a larger model
how is a model [added|installed|imported|deployed]
are there other models I could [add|install]
add model
import gguf
install bigger model
""",
    ),
    "models.choose": wordings(
        things="""
the model picker
the picker
the model [selection|menu|list|selector|dropdown|chooser]
the choice of <model>
choosing [a|another|the] <model>
switching [models|the model|between models]
changing the <model>
another <model> for this chat
the drop-down under the [question box|text field|input]
""",
        acts="""
choose [a|another|a different|the] <model>
change [the|my|to another] <model>
switch [the <model>|models|to another <model>|to a different <model>|between models]
pick [a|another|a different|the] <model>
select [a|another|a different|the] <model>
use [a different|another|the other|the larger|the big] <model> [for this question|in this chat|]
ask [another|a different|the other|the larger] <model>
talk to [another|a different|the other|the larger] <model>
go to [another|the other] <model>
try [another|a different|the other] <model>
see [all|the list of|which] [models|available models|models I can use]
take the other model for this question
""",
        says="""
[I|we|users] can [choose|pick|select|switch] [the model|models|between models|another model]
I can use [another|a different|more than one] <model> in [one|the same] chat
the <model> can be [changed|switched|chosen|selected]
there [are|is] [several models|more than one model|another model]
I am stuck with this <model>
""",
        asks="""
where [do|can] I [choose|change|select|switch|pick] the <model>
where is the model [picker|menu|list|selection|switch|selector]
how do I [switch|change] models
how do I switch to [another|a different|the other|the larger|Llama|the new|the big] [model|one|]
how can I use [another|a different|the other|the larger|the big] <model>
which <models> can I [use|choose from|choose|select|pick|ask]
which <models> [are there|are available|do we have|do I have|are offered]
what <models> [are there|are available|do we have|can I use|can I choose|are on offer]
can I [change|switch] the <model> [in the middle of a chat|during a chat|in a running chat|later|for one question]
can I ask [another|a different|the other] <model> [the same question|too|instead]
can I choose [between models|who answers|which model answers]
I [don't like|am not happy with] this <model>, can I use another
I want [another|a different|the other] <model> [to answer|for this|]
I'd rather use [another|the other|the bigger] <model>
our admin added a new model, how do I use it
there are two models, how do I [choose|switch]
I see only one model, where are the others
how do I leave the demo model
how do I get from the demo model to [the larger one|another one]
let me [choose|pick|change] the model
change model
switch model
model picker?
is there a list of models
show me the [available|list of] models
""",
    ),
    "models.which": wordings(
        things="""
the name of the <model> [that answered|that wrote this|]
the model's name [under the answer|]
the speed of the <model>
the number of tokens [per second|]
tokens per second
the tokens/s figure
the small print under [an|the] answer
the model behind [an|this|the] answer
the author of this answer
the generation speed
""",
        acts="""
see which <model> [answered|wrote this|gave this answer|I used|was used]
find out which <model> [answered|wrote this|gave this answer|I used|was used]
know which <model> [answered|wrote this|gave this answer|said that|was used]
see how fast the <model> [is|writes|was|answers]
check the [speed|tokens per second]
tell which <model> said what
measure the speed of [a|the] model
""",
        says="""
[a different|another|the larger] <model> wrote this answer
I can see which <model> [answered|wrote it|said that]
the answer came from [another|a different|the larger] <model>
the speed is shown [somewhere|]
the page shows which model answered
""",
        asks="""
which <model> [answered|wrote|gave|produced|made|generated] [this answer|this|that|the last answer|this text|that reply]
which <model> did [I use|I ask|that|this come from|answer me]
which <model> was [used|that|it|this]
which <model> said [that|this|what]
what <model> [answered|wrote|gave|produced|generated] [this answer|this|that|the last answer|this text]
what <model> was used [for this answer|here|for that]
who wrote [this answer|that answer|this text|this reply|the last answer]
how do I [know|see|find out|tell] which <model> [answered|wrote this|was used|it was|I used]
how can I [see|tell|find out] [which|what] <model> [answered|wrote this|was used|gave the answer]
where [do|can] I see [which model answered|the model's name|which model wrote this|the speed|the tokens per second]
where [does it say|is it written|is shown] which model [answered|wrote this|was used]
where does the [name of the model|speed|model name] stand
how fast [is this model|is the model|was that answer|does it write|are the answers|is it]
how many tokens per second [does it do|is that|]
what is the speed of [this|the] model
what does tokens/s mean
what does the [number|line|text] under the answer mean
what is written under [an|the|each] answer
does it [show|say|tell] [which model answered|which model wrote what|how fast the model is]
is the model's name shown [anywhere|somewhere]
can I see [afterwards|later] which model answered
after switching models, how do I tell which one answered
I used two models, which answer is from which
I forgot which model I used [for this|]
""",
    ),
    "models.open": wordings(
        things="""
the kind of models [Hearth runs|that run here|]
open models
open-weight models
open weights
open-source models
GGUF
GGUF models
the GGUF format
llama.cpp
supported models
the supported model formats
GPU support
the hardware [it needs|for models|]
quantised models
models on [CPUs|GPUs|our own hardware]
""",
        acts="""
run [Llama|Mistral|Qwen|Gemma|Phi|an open model|open models] [here|on our servers|on CPUs|]
run models on [CPU|a GPU|our own hardware|a normal server|our graphics card]
use [a GPU|GPUs|our graphics cards|CPUs|an NVIDIA card]
use open-source models
use [GGUF models|open models|Hugging Face models]
work without a GPU
""",
        says="""
[Hearth|it|this] runs [open models|open-weight models|GGUF models|Llama|Mistral|on CPUs|on GPUs|without a GPU]
[Hearth|it|this] needs a [GPU|graphics card|supercomputer|data centre]
the models are [open|open source|free|proprietary|secret]
a GPU is needed
models run on [our own machines|normal computers|CPUs]
GGUF is [a file format|supported|needed]
""",
        asks="""
which [kind|kinds|type|types|sort] of <models> [does Hearth run|can Hearth run|are supported]
which [kind|kinds|type|types|sort] of <models> [does it support|run here|work]
what [kind|kinds|type|types|sort] of <models> [does Hearth run|can Hearth run|are supported]
what [kind|kinds|type|types|sort] of <models> [does it support|run here|work]
which <models> [does Hearth support|are supported|can run here|work with Hearth|are compatible|can be hosted]
what <models> [does Hearth support|are supported|can run here|work with Hearth|are compatible]
which model [format|formats|file format|files] [does it support|is supported|does Hearth use|are needed|does it take]
does [Hearth|it] [support|run|work with] [Llama|Mistral|Qwen|Gemma]
does [Hearth|it] [support|run|work with] [open models|GGUF|open-source models|Hugging Face models]
does [Hearth|it] need a [GPU|graphics card|special machine|big server|NVIDIA card]
does it [run|work] [on a CPU|without a GPU|on normal hardware|on GPUs|with AMD cards]
do [I|we] need a [GPU|graphics card|special machine|big server]
do the models run [on our own machines|on CPUs|on GPUs|locally|in the cloud]
can [I|we|Hearth] run [Llama|Mistral|Qwen|Gemma|open models] [here|on our server|locally|]
can it [use|run on] [a GPU|GPUs|our graphics cards|only CPUs]
is a GPU [needed|necessary|required]
are the models [open|open source|free|proprietary|closed]
what is [GGUF|a GGUF|an open-weight model|an open model|llama.cpp|a quantised model]
what does [GGUF|open-weight|open weights] mean
what are open weights
what [hardware|kind of hardware|machine|server|computer] [do we need|does it need|do models need|is needed|is required]
what hardware do the models run on
where do the models run
on what hardware does it run
on which machines do the models run
why open models
why [GGUF|open weights]
where can I get models [from|]
""",
    ),
    "models.wrong": wordings(
        things="""
hallucinations
hallucination
[wrong|false|invented|made-up|incorrect] answers
errors of [models|AI|the AI]
the truth of answers
the reliability of [answers|AI|models]
mistakes [of the AI|in answers|of models]
the notice that models can be wrong
invented facts
false information
fake sources
""",
        acts="""
trust [an answer|the answers|what a model says|AI answers|the AI]
rely on [an answer|the answers|what a model says|AI answers|the AI]
believe [the answers|everything it says|what the model writes|an AI]
check [whether an answer is true|an answer|if it is true|the facts]
avoid [wrong answers|hallucinations|mistakes]
use an answer without checking it
copy an answer [straight|directly] into [a contract|my report|a mail to a customer]
""",
        says="""
the <ans> [is|was|seems|looks] <wrong>
an answer [can be|is|was] <wrong>
[models|AIs|language models] [hallucinate|lie|make things up|invent things]
[models|AIs|language models] [make mistakes|are always right|can be wrong|err]
the <model> [made something up|invented a source|gave me a wrong number|told me nonsense|lied|hallucinates]
the AI is always right
what the model says is [true|false|correct|right]
answers are [always|] [correct|true|reliable|checked by somebody|verified]
""",
        asks="""
can [models|AIs|the models|language models|AI|the answers] be [wrong|trusted|mistaken|false|believed]
are [the answers|models|AI answers] [always|ever|] [right|correct|true|reliable|wrong|accurate|trustworthy]
are [the models|AIs|language models] [always|ever|] [right|correct|true|reliable|wrong|accurate|trustworthy]
are all answers [true|correct|right]
do [models|AIs|the models|language models] [lie|hallucinate|make mistakes|make things up|invent things|err|make errors]
do I have to [check|verify|double-check] [the answers|what the model says|everything]
does [AI|the AI|the model|a model] [lie|hallucinate|make mistakes|make things up|invent facts]
how [reliable|correct|accurate|trustworthy|good] are [the answers|models|AI answers|AIs]
how often are the answers wrong
how [do I know|can I be sure|can I tell|sure can I be] [that|if|whether] [an|the] answer is [right|true|correct|wrong]
how much can I trust [the answers|a model|AI]
should I [check|verify|double-check|trust|believe] [the answers|what a model says|an answer|everything]
must I check the answers
why [does|did] the <model> [give wrong answers|make mistakes|lie|make things up|invent things|tell me something false]
why [is|was] the answer <wrong>
why are some answers wrong
what is a hallucination
what are hallucinations
what does hallucinate mean
what if the <ans> is <wrong>
what if the <model> is wrong
the <ans> [is|was] <wrong>
this <ans> is [wrong|not true|nonsense|incorrect|not correct|false]
the <model> [gave me|told me] [a wrong answer|something false|wrong facts|nonsense]
who is [responsible|liable|to blame] [if|when] [an answer is wrong|the AI is wrong|the model makes a mistake]
can I use an answer [without checking|as it is|in a contract]
why does it say models can be wrong
can I take the answer for granted
may I quote the AI
is everything [you say|the model says|an AI says] true
is the AI always right
is [AI|the model] reliable
""",
    ),
}
