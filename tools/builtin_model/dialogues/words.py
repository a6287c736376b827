"""Words that mean the same, for the templates of all topics."""

SLOTS: dict[str, str] = {
    "chat": "chat|chat|conversation|conversation|thread|discussion|dialogue|talk",
    "chats": "chats|chats|conversations|conversations|threads|discussions|messages|talks",
    "mychats": "my <chats>|what I write|what I type|my messages|the things I write here|my private <chats>|my questions"
    "|what I ask|my prompts|what we write|the stuff I type|everything I type|our <chats>|my texts",
    "msg": "message|question|prompt|text|input|query",
    "ans": "answer|answer|reply|response|output|text",
    "anss": "answers|replies|responses",
    "del": "delete|delete|remove|erase|get rid of|throw away|wipe|clear|trash|discard|destroy|bin|drop",
    "deleted": "deleted|removed|erased|wiped|thrown away|cleared|discarded|purged",
    "deleting": "deleting|removing|erasing|getting rid of|throwing away|wiping",
    "adm": "admin|administrator|boss|manager|IT department|system administrator|employer|supervisor|company|sysadmin"
    "|IT guy|superior|team lead|chef|IT people|director|head of department|owner of the server|IT support",
    "admins": "admins|administrators|bosses|managers|the IT people|superiors|the IT staff|supervisors"
    "|system administrators",
    "read": "read|read|see|see|look at|view|open|look into|spy on|access|check|monitor|watch|snoop in|inspect",
    "keep": "keep|store|save|retain|hold on to|preserve",
    "kept": "kept|kept|stored|saved|retained|available|around|preserved",
    "keeping": "keeping|storing|saving|retaining",
    "org": "company|organisation|organization|firm|employer|business|office|school|university|institution|workplace",
    "model": "model|model|AI model|language model|LLM|AI",
    "models": "models|models|AI models|language models|LLMs|AIs",
    "change": "change|change|alter|modify|adjust|set|edit|configure|update",
    "changed": "changed|altered|modified|adjusted|set|edited",
    "stop": "stop|stop|halt|abort|cancel|interrupt|end|break off|kill|cut off|make it stop",
    "button": "button|key|option|control|icon|command|function|setting",
    "team": "team|team|group|department|workgroup|unit",
    "teams": "teams|teams|groups|departments|workgroups",
    "teamadmin": "team admin|team administrator|admin of a team|team admin role|team lead|group admin",
    "colleague": "colleague|coworker|co-worker|workmate|team mate|friend at work|other people|someone else|others",
    "file": "file|document|PDF|report|spreadsheet|Word file|attachment|text file|paper",
    "files": "files|documents|PDFs|reports|attachments|papers|spreadsheets|my own documents",
    "computer": "computer|machine|server|PC|hardware|laptop",
    "computers": "computers|machines|servers|hardware|PCs",
    "want": "want to|would like to|need to|have to|wish to|must|wanna|'d like to|am trying to",
    "can": "can|could|may|am I able to",
    "hearth": "Hearth|hearth|Hearth|this|this app|this program|this tool|this chat|this site|this thing|this software"
    "|this system|this platform|this website",
    "other": "ChatGPT|GPT-4|GPT|Claude|Gemini|Llama|Mistral|Copilot|Siri|Alexa|DeepSeek|Grok|Bard|Qwen|OpenAI"
    "|Google Assistant|Perplexity|a GPT model|some OpenAI model|Bing",
    "maker": "OpenAI|Google|Meta|Microsoft|Anthropic|Apple|Amazon|Mistral",
    "long": "long|many days|much time|many weeks|many months",
    "gone": "gone|lost|away|missing|vanished|deleted",
    "wrong": "wrong|incorrect|false|mistaken|inaccurate|faulty|bad|nonsense",
    "period": "period|retention period|time limit|retention time|storage time|retention|number of days|deadline",
    "show": "show|display|tell|explain",
    "law": "court case|lawsuit|trial|investigation|inquiry|legal dispute|legal case",
}
"""Alternatives by name; they may hold choices and slots again."""
