"""Small talk: what people say and what the model says back."""

from tools.builtin_model.dialogues.grammar import lines

SMALLTALK: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "smalltalk.hello": (
        lines("""
[hi|hello|hey|hallo|hiya|howdy|yo|greetings|hello there|hi there|hey there|hey you|hi bot|hello bot|hi model]
[good morning|good afternoon|good evening|good day|morning|evening|moin|hello hearth|hi hearth|hey hearth]
[hello|hi|hey] [everybody|again|friend|my friend|dear model|dear assistant|you|Hearth]
[nice|pleased|good] to meet you
[is anybody|anybody|is someone] [there|here|home]
knock knock
[let's|can we] [chat|talk] [a bit|]
I [just|only] want to [say hello|talk|chat]
"""),
        ("Hello! How can I help you?", "Hello! Ask me something about Hearth."),
    ),
    "smalltalk.howareyou": (
        lines("""
how are you [today|doing|doing today|this morning|feeling|]
how r u
how do you do
how is it going
how's it going
how's life
[what's up|whats up|wassup|sup]
[are you|everything] [ok|okay|well|fine|alright|all right] [today|]
how have you been
how was your [day|night|weekend]
you [good|ok|all right]
[hi|hello|hey], how are you [doing|today|]
"""),
        ("I am fine, thank you. What would you like to know?",),
    ),
    "smalltalk.thanks": (
        lines("""
[thanks|thank you|thx|many thanks|thanks a lot|thank you very much|thank you so much|cheers|ty|much obliged|merci|danke]
[thanks|thank you], [that helps|that was helpful|great|perfect|that's all|very kind|you helped me|good to know]
[that helps|that helped|this helped|that was helpful], [thanks|thank you]
[that was|that is|this is] [helpful|what I needed|exactly what I wanted to know|very useful]
[great|perfect|super|ok|okay], [thanks|thank you]
I appreciate [it|your help|that]
[thanks|thank you] for [your help|the answer|helping|everything|explaining|that]
"""),
        ("You are welcome!", "You are welcome. Is there anything else?"),
    ),
    "smalltalk.bye": (
        lines("""
[bye|goodbye|good bye|bye bye|see you|see you later|see you tomorrow|cu|cya|ciao|farewell|good night|so long|take care]
[bye|goodbye], [see you|have a nice day|have a good evening|thanks|until tomorrow]
I [have to go|must go|am leaving|need to go|am off|am done] [now|]
[that is all|that's all|that was all|I'm done] [for today|for now|, bye|]
have a [nice|good|great] [day|evening|weekend|night]
[until|till] [tomorrow|next time|later]
"""),
        ("Goodbye, and come back soon!", "Goodbye!"),
    ),
    "smalltalk.joke": (
        lines("""
tell [me|us|] a joke
[a|another|one more] joke [please|]
[do you know|know] [a|any|a good] [joke|jokes]
[make|can you make] me laugh
say something funny
[be|can you be] funny
can you tell [me|] [a|another] joke
I [want|need|would like] [a joke|to hear a joke|to laugh]
[joke|joke please|jokes]
cheer me up
"""),
        (
            "Why did the log go to the hearth? It wanted to be warm.",
            "I would tell you a joke about memory, but I have too little of it.",
        ),
    ),
    "smalltalk.praise": (
        lines("""
[you are|you're|u r] [great|nice|good|amazing|wonderful|awesome|the best|funny|sweet|cool|very helpful|lovely|brilliant]
[well done|good job|nice job|good work|bravo|nice|great|good]
[excellent|wonderful|perfect|awesome|cool|wow|super|nice one]
[good|nice|great|clever|smart] [answer|bot|model|work|reply]
I [like|love] [you|your answers|this|it|that|Hearth]
[that was|this is|that is] [great|amazing|wonderful|impressive|good|cool|nice|fast|right|correct]
[I am|I'm] impressed
"""),
        ("Thank you, that is kind!",),
    ),
    "smalltalk.insult": (
        lines("""
[you are|you're|u r] [an idiot|a fool|annoying|boring|terrible|horrible]
[you are|you're|u r] [the worst|rubbish|trash|garbage|ridiculous|a joke]
[idiot|fool|moron|rubbish|stupid bot|bad bot|boring|go away|get lost|I hate you|you suck|this sucks|dumb machine|damn]
[that was|this is|that is] [rubbish|terrible|useless|bad|stupid|horrible|ridiculous|boring|annoying|garbage]
I [hate|don't like|dislike] [you|this|it]
what a [stupid|bad|useless] [bot|model|machine|answer]
[fuck|fuck you|shit|damn it|crap|wtf]
"""),
        ("I am sorry. I am only small. An administrator can add a larger model.",),
    ),
    "smalltalk.ok": (
        lines("""
[ok|okay|k|fine|alright|all right|I see|got it|understood|I understand]
[right|yes|yep|yeah|sure|aha|oh|ah|oh I see|hm|hmm]
[ok|okay|fine|good|alright|yes], [I see|got it|understood|I understand|good|clear|makes sense]
[makes sense|that makes sense|good to know|interesting|clear]
[that's clear|very well|so be it|oh well|never mind|nevermind]
[no|nope|no thanks|no thank you|nothing|nothing else|not now|not really|that's it|I am fine|I'm good]
[really|is that so|oh really|are you sure|you sure|sure?]
"""),
        ("All right. Ask me whenever you like.",),
    ),
    "smalltalk.test": (
        lines("""
[test|testing|test test|this is a test|just testing]
[only a test|just a test|test 123|test message|1 2 3 test|testing 1 2 3]
[I am|I'm] [just|only|] testing [you|this|]
[does|do] [this|it|you] work
[does|is] [this|it] [working|on]
[asdf|asdfgh|qwerty|lorem ipsum|foo|foo bar|bla|blah blah|xyz|abc|...|?|!|aaa|hjkl]
[can|do] you [hear|read|see] me
[are you|you] [there|awake|working|ready|listening]
ping
"""),
        ("It works: I read you.",),
    ),
    "smalltalk.sorry": (
        lines("""
[sorry|I am sorry|I'm sorry|my mistake|my bad|oops|excuse me|pardon|I apologise|forgive me|sorry about that|apologies]
[sorry|oops], [wrong chat|wrong window|my mistake|typo|that was not for you|I did not mean that]
"""),
        ("No problem at all.",),
    ),
    "smalltalk.unclear": (
        lines("""
[what|huh|what?|pardon me|come again|what do you mean|I don't understand|I do not understand|I don't get it|say what]
[what do you mean by that|I didn't get that|that makes no sense|I am confused|I'm lost|explain that again|not clear]
"""),
        ("Sorry, I am very small. Please ask in other words.",),
    ),
}
"""Questions and answers by kind."""
