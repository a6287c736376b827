"""Frames of questions that any topic can stand in, product or not: the keyword decides, never the frame."""

from tools.builtin_model.dialogues.grammar import lines

THINGS = lines("""
what is {x}
what's {x}
what are {x}
what about {x}
how about {x}
tell me about {x}
tell me something about {x}
explain {x}
explain {x} to me
can you explain {x}
could you explain {x} to me
please explain {x}
{x}
{x}
{x}
info on {x}
information about {x}
I have a question about {x}
question about {x}
question regarding {x}
I'd like to know [more|something|] about {x}
I want to know about {x}
do you know anything about {x}
do you know {x}
what do you know about {x}
anything about {x}
describe {x}
help with {x}
I need help with {x}
can you help me with {x}
I don't understand {x}
what does {x} mean
how does {x} work
how do {x} work
how is it with {x}
is there {x}
do you have {x}
do we have {x}
does it have {x}
where is {x}
where do I find {x}
where can I find {x}
I can't find {x}
looking for {x}
I am looking for {x}
show me {x}
what can you tell me about {x}
I heard about {x}. what is it
what is the deal with {x}
what's the story with {x}
why is there {x}
why {x}
what is {x} good for
what is the purpose of {x}
is {x} possible
details on {x}
give me details about {x}
give me a short explanation of {x}
in short, what is {x}
define {x}
meaning of {x}
I wonder about {x}
I wonder what {x} is
someone mentioned {x}
my colleague mentioned {x}
can we talk about {x}
let's talk about {x}
I read about {x}, what does it mean
what should I know about {x}
anything I should know about {x}
what does one do with {x}
{x}, what is that
{x}, how does that work
and {x}
""")

ACTS = lines("""
how do I {x}
how do I {x}
how can I {x}
how can I {x}
how to {x}
how to {x}
how do you {x}
how would I {x}
how does one {x}
how do we {x}
how do people {x}
how should I {x}
how could I {x}
can I {x}
can I {x}
can we {x}
can you {x}
could I {x}
may I {x}
am I able to {x}
am I allowed to {x}
is it possible to {x}
is it possible that I {x}
is there a way to {x}
is there any way to {x}
is there a possibility to {x}
is there a button to {x}
I want to {x}
I want to {x}
I need to {x}
I would like to {x}
I'd like to {x}
I have to {x}
I wanna {x}
I must {x}
I am trying to {x}
trying to {x}
I'd love to {x}
where can I {x}
where do I {x}
where do I go to {x}
where do I click to {x}
what do I do to {x}
what do I have to do to {x}
what must I do to {x}
what do I press to {x}
what should I do if I want to {x}
what's the way to {x}
what is the best way to {x}
what is the easiest way to {x}
help me {x}
help me to {x}
please help me {x}
show me how to {x}
tell me how to {x}
tell me how I can {x}
explain how to {x}
could you explain how to {x}
could you tell me how to {x}
can you tell me how I {x}
can you show me how to {x}
I can't figure out how to {x}
I don't know how to {x}
I do not know how I can {x}
I forgot how to {x}
I have no idea how to {x}
steps to {x}
which steps to {x}
instructions to {x}
which button do I need to {x}
who can {x}
when can I {x}
why can't I {x}
why would I {x}
does it let me {x}
does it work to {x}
{x}
{x}, how
{x}, possible
any idea how to {x}
any way to {x}
what if I want to {x}
suppose I want to {x}
how is it done to {x}
my colleague wants to {x}
a friend of mine wants to {x}
we need to {x}
do you know how to {x}
do you know how I can {x}
is it hard to {x}
is it easy to {x}
is it allowed to {x}
I'm new here, how do I {x}
I am looking for a way to {x}
I was told that I can {x}
can anybody {x}
can everyone {x}
would it be possible to {x}
""")

SAYS = lines("""
is it true that {x}
is it true that {x}
is it right that {x}
is it correct that {x}
I heard that {x}
I heard {x}
I've heard {x}, is that true
I read that {x}
{x}, right
{x}, correct
{x}, is that so
{x}, or not
{x}
{x}
so {x}
so {x}, right
do you know if {x}
do you know whether {x}
can you tell me whether {x}
can you tell me if {x}
could you tell me if {x}
I want to know if {x}
I want to know whether {x}
I'd like to know if {x}
I wonder if {x}
I wonder whether {x}
please confirm that {x}
please tell me if {x}
someone told me that {x}
someone told me {x}
my colleague says {x}
my colleague thinks {x}
I am worried that {x}
I am afraid that {x}
I'm scared that {x}
does that mean {x}
does this mean that {x}
why is it that {x}
how come {x}
what if {x}
what happens if {x}
what happens when {x}
I'm not sure if {x}
I don't know if {x}
I think {x}
I believe {x}
I hope {x}
people say {x}
they say {x}
can it be that {x}
could it be that {x}
is it possible that {x}
is it the case that {x}
I noticed that {x}
it seems that {x}
{x}, what does that mean
{x}, what now
{x}, why
{x}, how does that work
help, {x}
explain why {x}
suppose {x}
imagine {x}
""")

PREFIXES = lines("""
hi,
hi
hello,
hello
hey,
hey
hey there,
hi there,
good morning,
good afternoon,
good evening,
excuse me,
sorry,
sorry to bother you,
quick question:
question:
just a question:
one question:
short question,
a quick one:
please,
pls
please tell me,
tell me,
can you tell me:
so
so,
ok so
ok,
okay,
well,
um,
hmm,
and
also,
now
by the way,
btw
I was wondering:
I wonder,
just curious,
out of curiosity,
I'm curious,
another question:
another thing:
next question:
one more thing:
dear assistant,
hey bot,
hi model,
hello Hearth,
hey Hearth,
hi, I am new here.
I'm new here.
hello, I have a question.
I have a question.
can you help me?
help!
listen,
look,
seriously,
honestly,
first of all,
my question is:
yo
yo,
oh,
wait,
""")

SUFFIXES = lines("""
please
please
pls
thanks
thank you
thanks in advance
thx
exactly
actually
then
again
anyway
by the way
in simple words
in short
briefly
for me
today
now
right now
I'm curious
I am new here
I'm just curious
any idea
do you know
can you help
can you tell me
could you explain
if I may ask
if possible
""")

HERE = lines("""
here
here
in Hearth
in Hearth
with Hearth
in this chat
in this app
on this page
on this site
in this program
in this tool
on this platform
with this
""")
"""Said after questions about the product only."""
