"""`python -m tools.builtin_model.dialogues 20 [seed]` prints samples."""

import sys
from itertools import islice

from tools.builtin_model.dialogues import dialogues

if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    for dialogue in islice(dialogues(int(sys.argv[2]) if len(sys.argv) > 2 else 1), wanted):
        print(f"[{dialogue.kind}]")
        for question, answer in dialogue.turns:
            print(f"  > {question}\n    {answer.replace(chr(10), chr(10) + '    ')}")
