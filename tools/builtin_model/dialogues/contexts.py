"""Sentences that people say before their question and that decide nothing."""

from tools.builtin_model.dialogues.grammar import lines

CONTEXTS = lines("""
Before we start:
Maybe a [silly|stupid|simple] question, but
This may sound [silly|stupid|strange|odd], but
I am not [very|] good with computers.
I am not a technical person.
My English is not so good, sorry.
It is my first [day|week|time] here.
I have been here for [two days|a week|a year].
My [boss|colleague|friend|neighbour|sister] asked me this:
Somebody [in the meeting|at lunch|in the corridor|on the phone] asked:
We had a discussion [at lunch|yesterday|in the team]:
I [just|only|quickly|really] want to know [one thing|this]:
I could not find [it|this|the answer] in the manual.
I looked everywhere.
I have [searched|tried] for [an hour|ten minutes|ages].
I [don't|do not] [want to bother you|have much time], but
There is one thing I [don't understand|wonder about|would like to know]:
Maybe you can help me.
I hope you can help me.
You will laugh, but
No offence, but
To be honest,
[Good|Nice] to be here.
I have got [two|three] questions. First:
Second question:
Let me ask you [something|this]:
Could you answer a question?
I've never [used|seen] [this|anything like this] before.
Sorry for the [many|stupid] questions.
I am writing [a report|an article|a manual for my team] and need to know:
For my [report|colleagues|notes]:
Just to be [sure|clear|on the safe side]:
I'm in a hurry.
It's urgent!
[Nothing|Not] urgent, but
Wow, this is nice.
[All right|Alright|Right|Fine], next:
As a [teacher|nurse|lawyer|student|beginner|new employee] I ask myself:
""")
