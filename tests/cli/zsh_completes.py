# SPDX-License-Identifier: Apache-2.0
# Types words and a Tab into an interactive zsh, and prints each command line as zsh has completed it.
# Usage: zsh_completes.py "netwright-cli tra" ...
import os
import pty
import re
import select
import sys

TAB = b"\t"
END = b"\x0b"  # bound to a widget that prints the line


def until(fd, pattern):
    """Reads until the pattern comes; everything that was read."""
    seen = b""
    while not re.search(pattern, seen):
        if not select.select([fd], [], [], 60)[0]:
            sys.exit("zsh said nothing more after: " + seen.decode(errors="replace"))
        seen += os.read(fd, 4096)
    return seen


pid, fd = pty.fork()
if pid == 0:
    os.environ.update(TERM="dumb", PS1="READY ")
    os.execvp("zsh", ["zsh", "-f", "-i"])
until(fd, rb"READY ")
setup = r"""PS1='GO> '; autoload -Uz compinit && compinit -D -u; source <(netwright-cli completion zsh); say() { print -r -- "<<$BUFFER>>"; BUFFER=; zle accept-line }; zle -N say; bindkey '^K' say"""
os.write(fd, setup.encode() + b"\n")
until(fd, rb"\nGO> |\rGO> ")
for words in sys.argv[1:]:
    os.write(fd, words.encode() + TAB + END)
    print(re.search(rb"<<(.*?)>>", until(fd, rb"<<[^$].*?>>"), re.S).group(1).decode().rstrip())
os.close(fd)
