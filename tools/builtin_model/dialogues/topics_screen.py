"""How people ask about the page: keys, copying, colours, phones, files."""

from tools.builtin_model.dialogues.grammar import Wordings, wordings

TOPICS: dict[str, Wordings] = {
    "chat.keys": wordings(
        things="""
[the|] keyboard shortcuts
[the|] shortcuts
[the|] hotkeys
[the|] keys
a line break [in my question|]
[Enter|Shift+Enter|the Enter key|the return key]
the key for [sending|a line break|a new line]
keyboard [control|use|commands]
key combinations
a new line
""",
        acts="""
send [a message|my question|the text] [with the keyboard|with a key|]
[make|insert|type|write|add] a [line break|new line] [in my question|]
break [the|a] line
write [more than one line|several lines|a second line|a question with several lines]
use [the|] [keyboard|shortcuts] [only|instead of the mouse|]
work without [the|a] mouse
control it with the keyboard
see [all|the] shortcuts
""",
        says="""
[Enter|return] [sends|breaks the line|makes a new line]
[there are|Hearth has] [keyboard shortcuts|shortcuts|hotkeys]
[Shift+Enter|Enter] [does not work|makes a new line|sends it]
I always send it [too early|by mistake] with Enter
I can use the keyboard only
""",
        asks="""
which [keys|shortcuts|keyboard shortcuts|hotkeys|key combinations] [are there|exist|can I use|do you have|does it have]
what [keys|shortcuts|keyboard shortcuts|hotkeys] [are there|exist|can I use|do you have|does it have]
what are the [keys|shortcuts|keyboard shortcuts|hotkeys]
what does [Enter|Shift+Enter|the Enter key|Ctrl+Shift+O|shift enter] do
what is the [shortcut|key] for [sending|a new line|a line break|sending a message]
which key [sends|sends the message|makes a new line|breaks the line|makes a line break]
how do I [make|insert|type|write|add|get] a [line break|new line|second line|newline]
how can I [make|insert|type|write|add] a [line break|new line|second line|newline]
how do I [send|submit] [a message|my question|it] [with the keyboard|]
how do I write [several|two|more] lines
how do I start a new line without sending
how do I break the line
can I [use|control|do] [the keyboard only|it with the keyboard|it without a mouse|everything with the keyboard]
can I write [several|more than one] lines
are there [keyboard shortcuts|shortcuts|hotkeys|keys]
is there a [shortcut|key] for [sending|a line break|that|a new line]
do you have [shortcuts|keyboard shortcuts|hotkeys]
does Enter [send|make a new line|break the line]
every time I press Enter it [sends|is sent], [how do I make a new line|what can I do]
Enter sends my message, I only want a new line
I want a new line [in my question|] without sending
I don't like using the mouse
show me [the|all] [shortcuts|keyboard shortcuts|keys]
list [the|all] [shortcuts|keyboard shortcuts|keys]
tell me the [shortcuts|keys|keyboard shortcuts]
keyboard shortcuts
shortcuts?
hotkeys
line break?
newline
keys
""",
    ),
    "chat.copy": wordings(
        things="""
[copying|the copying of] [an|the] [<ans>|code block]
the Copy <button>
the clipboard
copy and paste
copy-paste
pasting an answer [into Word|into a mail|somewhere else]
""",
        acts="""
copy [an|the|this|a whole] <ans>
copy [the|some|this] [text|code|table|code block|whole text]
copy [my own|a|my] question
paste [an|the] <ans> [into Word|into a mail|somewhere else|into my report]
put [an|the] <ans> [on|in|into] [the clipboard|a mail|my document]
take [an|the] <ans> [over|] into [Word|my mail|a document]
use [an|the] <ans> in [a mail|another program|Word]
get [an|the] <ans> into [Word|an e-mail|another program]
""",
        says="""
[I|we] can copy [an|the] <ans>
[an|the] <ans> can be [copied|pasted into Word]
I need [this|the] <ans> in [a mail|Word|my report|another program]
copying [works|does not work]
the copy button [does not work|is missing]
""",
        asks="""
how do I copy [an|the|this|a whole|your] <ans>
how can I copy [an|the|this|a whole|your] <ans>
how do I copy [code|a code block|a table|my question|text from here|the text]
how do I [paste|put|get|take|use] [an|the|this] <ans> [into|in] [Word|a mail|an e-mail]
how do I [paste|put|get|take|use] [an|the|this] <ans> [into|in] [my document|another program|my report]
how do I get [an|the|this] <ans> [on|to|into] the clipboard
where is the copy button
where [do|can] I copy [an|the] <ans>
what does [Copy|the Copy button] do
can I copy [an|the|this|your|a whole] <ans>
can I copy [code|the text|what you wrote|a table|a code block]
can I [paste|use] [the|an] <ans> [in Word|in a mail|somewhere else|elsewhere]
is there a [copy button|way to copy the answer]
must I select the text to copy it
do I have to mark the text with the mouse to copy it
I <want> copy [an|the|this] <ans>
I need [the answer|this text|that] in [Word|a mail|my report|an e-mail]
I want to [send|mail] the text of the answer to myself
copy answer
copy text
copy
copy code
clipboard?
copy to clipboard
copy and paste?
""",
    ),
    "chat.dark": wordings(
        things="""
[the|a] dark [mode|theme|design|background]
[the|a] light [mode|theme|design]
the [theme|colours|colors|appearance|brightness]
the ◐ [button|sign|symbol|icon]
night mode
the half circle
a black background
the bright white page
""",
        acts="""
[switch|change] [to|] [dark|light|night] mode
[turn|switch] [on|off] [the|] [dark|light|night] [mode|theme]
change the [theme|colours|colors|appearance|background|background colour|look]
make [it|the page|the screen|everything] [darker|dark|lighter|bright|black|less bright]
use [a|the|] dark [mode|theme|background]
have [a|] [dark|black|white|light] [background|page|design]
get [the light|the dark|the bright|normal] [mode|colours] back
""",
        says="""
[it|the page|the screen|this page] is too [bright|dark|white|light]
[my|] eyes [hurt|are tired|get tired]
there is [a dark mode|a light mode|night mode]
it is [all|] [dark|black|white] [now|]
[dark|light] mode is [on|off|nicer]
the [bright|white] page [hurts|blinds me]
""",
        asks="""
is there a [dark|light|night] [mode|theme|design]
is there dark mode
do you have [a dark|dark|a light|night] [mode|theme]
does it have [a dark|dark|a light|night] [mode|theme]
how do I [switch|turn] [on|to|off] [dark|light|night] mode
how do I get [dark|light|night|the dark] mode
how do I [enable|activate|disable|use|find] [the|] [dark|light|night] [mode|theme]
how do I make [it|the page|the screen|everything] [dark|darker|bright|lighter|black|less bright]
how can I [switch|change|get|use|enable] [to|] [dark|light|night] mode
how can I change the [theme|colours|colors|background|appearance|look]
how do I change the [theme|colours|colors|background|appearance|look]
where [is|can I find|do I find] [dark|light|night|the dark|the light] mode
where [can|do] I change the [theme|colours|colors|appearance]
what is [the|] ◐
what does [the|] ◐ [do|mean|button do]
what is the [half circle|half moon|round] [button|symbol|icon]
can I have [a|] [dark|black|white|light] [mode|theme|background|page]
can I [switch|change] [to|] [dark|light] [mode|theme]
can I change the [colours|colors|theme|background|look]
can it be [dark|darker|less bright|black]
I [want|prefer|like|need] [dark|light|night] mode
I <want> [dark mode|a dark background|it darker|a darker page|white text on black]
it is too [bright|dark|white|light] [for my eyes|here|for me|at night|]
too bright
my eyes hurt [from the white page|]
the white [page|background] hurts my eyes
I work at night [and it is too bright|]
everything is black, how do I get the light [mode|page] back
dark mode
dark mode?
dark theme
night mode
light mode
theme
dark
""",
    ),
    "chat.phone": wordings(
        things="""
[the|a] [mobile|phone|smartphone|iPhone|Android|tablet] [version|app|use|layout|]
[an|the|a] [app|phone app|mobile app]
Hearth on [the|my|a] [phone|iPhone|smartphone|tablet|iPad|mobile|Android phone]
mobile use
phones
phones and tablets
an app for [iPhone|Android|my phone]
the app store
""",
        acts="""
use [Hearth|it|this] on [my|the|a] [phone|iPhone|smartphone|tablet|iPad|mobile|cell phone|Android phone]
open [Hearth|it] on [my|the|a] [phone|iPhone|smartphone|tablet|iPad|mobile]
install [an|the|a] [app|mobile app|phone app] [on my phone|]
download [an|the] app [for my phone|]
chat [from|on] my [phone|tablet|iPhone|mobile]
read my chats on [my|the] [phone|tablet|iPhone|train]
""",
        says="""
[it|Hearth|this] [works|runs] on [my|the|a] [phone|iPhone|smartphone|tablet|iPad|mobile|Android phone]
there is [an app|a mobile app|a phone app|an iPhone app|no app]
[I|we] need an app
[I|we] can use [it|Hearth] on [the|my] [phone|tablet|mobile]
I have only my [phone|tablet] with me
""",
        asks="""
does [it|Hearth|this] [work|run] on [my|the|a] [phone|iPhone|smartphone|tablet]
does [it|Hearth|this] [work|run] on [my|the|a] [iPad|mobile|cell phone|Android phone|small screen]
does [it|Hearth] have [an app|a mobile app|a phone app|a mobile version]
is there [an app|a mobile app|a phone app|an iPhone app|an Android app|a mobile version|an app in the app store]
is it [possible to use|usable|available] [Hearth|] on [a phone|the phone|my mobile|a tablet|smartphones]
do you have [an app|a mobile app|a phone app|an Android app]
do I need [an app|to install anything on my phone|an app for that]
how do I [use|open|get|run] [Hearth|it|this] on [my|the|a] [phone|iPhone|smartphone|tablet|iPad|mobile]
how can I [use|open|get|run] [Hearth|it|this] on [my|the|a] [phone|iPhone|smartphone|tablet|iPad|mobile]
where [can|do] I [get|download|find] the app
can I [use|open|have|run] [Hearth|it|this] on [my|the|a] [phone|iPhone|smartphone|tablet]
can I [use|open|have|run] [Hearth|it|this] on [my|the|a] [iPad|mobile|cell phone|Android phone]
can I [chat|ask|write|read] [on|from] [my|the] [phone|tablet|iPhone|mobile]
can I use it [on the go|on the train|from my sofa with the phone|mobile]
I want [it|Hearth] on my [phone|tablet|iPhone]
I only have [a|my] [phone|tablet], [can I use it|does it work]
where is the list of chats on the phone
which app do I need
what app do I install [on my phone|]
iPhone?
Android?
mobile?
app?
mobile app
phone
on my phone?
tablet?
""",
    ),
    "chat.files": wordings(
        things="""
[attaching|uploading|adding] [a|my] <files>
[file|document|PDF] [upload|uploads|attachments]
[an|the] attachment
attachments
[a|the] knowledge base
[the|] knowledge bases
[our|my|the team's] [documents|own documents|files]
documents in [a|the|my] <chat>
the paper clip
a PDF
questions about [my|our] [documents|PDFs|files]
""",
        acts="""
attach [a|my|a big] <file> [to a chat|to my question|here|]
upload [a|my|a big] <file> [to a chat|here|]
add [a|my] <file> [to a chat|to my question|to the knowledge base|]
ask [questions|something|] about [a|my|our] <files>
send [you|the model] [a|my] <file>
give [you|the model] [a|my] <file> [to read|]
let [you|the model|it] read [a|my|our] <file>
[summarise|summarize|analyse|analyze|read|translate] my [PDF|uploaded file|attached document|attachment]
use [our|my|the team's] [own documents|handbook|wiki|files|manuals]
search [our|my team's] documents
make a knowledge base
chat with [my|our] documents
""",
        says="""
[I|we] can [attach|upload|add] [a|my|our] <files>
[documents|files|PDFs] can be [attached|uploaded|added]
[our|the] team has [a knowledge base|documents|a handbook]
[I|we] have [a PDF|a document|a report|documents|a handbook] [to read|]
[you|the model] can read [PDFs|my files|documents|our handbook]
""",
        asks="""
how do I [attach|upload|add|send] [a|my] <file> [to a chat|here|]
how can I [attach|upload|add|send] [a|my] <file> [to a chat|here|]
how do I ask [questions|something] about [a|my] <file>
how do I make a knowledge base
how can [we|the team] use our [own|] documents
where [do|can] I [attach|upload|add] [a|my] <file>
where is the [upload|attach|attachment] button
can I [attach|upload|add|send|give you] [a|my] <file> [to a chat|here|]
can I [attach|upload|add|send|give you] <files>
can I ask [questions|] about [my|our|a] <files>
can [you|the model|it|Hearth] [read|open|use|see|analyse|summarise|summarize|work with|process] [my|our|a|PDF] <files>
can [you|the model] answer from our [documents|handbook|manuals|wiki]
can [we|the team|our team|a team] [share documents|have a knowledge base|upload documents|have common documents]
can I chat with [my|our] [documents|PDF]
does [it|Hearth] [support|have|accept|read|take] [file uploads|attachments|PDFs|documents|knowledge bases]
is there [a file upload|an upload|a knowledge base|RAG|document search]
is it possible to upload [files|documents|a PDF]
what is a knowledge base
what are knowledge bases [for|]
which [files|file types|documents] can I [attach|upload]
do you have [RAG|file upload|knowledge bases|document chat]
I have [a|a long] <file>, [can you read it|how do I upload it|can I attach it|can you summarise it]
I <want> [attach|upload|add|discuss] [a|my] <file>
I'd like to talk about my [PDF|document|report]
here is my [PDF|document|file], can you read it
our team has [manuals|a handbook|many documents], [can you use them|how do we add them]
upload file
attach pdf
attach document
attachment?
file upload
knowledge base?
RAG?
""",
    ),
}
