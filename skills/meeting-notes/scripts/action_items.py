"""Lists the lines of a transcript that look like promises: action_items.py FILE"""

import re
import sys

PROMISES = re.compile(
    r"\b(i will|i'll|i can|we will|we'll|can you|could you|please|to do|todo|action|until|by (mon|tues|wednes|thurs|fri|satur|sun)day|deadline)\b",
    re.IGNORECASE,
)


def main(path: str) -> None:
    with open(path, encoding="utf-8") as transcript:
        found = [(number, line.strip()) for number, line in enumerate(transcript, 1) if PROMISES.search(line)]
    for number, line in found:
        print(f"{number}: {line}")
    print(f"{len(found)} lines")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: action_items.py FILE")
    main(sys.argv[1])
