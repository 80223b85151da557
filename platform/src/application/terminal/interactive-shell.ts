import type { SandboxCommand } from '../../port/sandbox.ts';

/**
 * The shell that people sit at. Its home is the workspace, where agents write: no file of there is read at its start, so that nothing lies
 * in wait for whoever opens a terminal. What is typed is not written there either, for it can hold secrets.
 */
export const interactiveShell: SandboxCommand = {
  program: '/bin/sh',
  arguments: [
    '-c',
    'command -v bash >/dev/null && exec bash --norc --noprofile -i; PS1="\\$PWD \\$ " exec sh -i',
  ],
  environment: {
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    PS1: '$PWD \\$ ',
    HISTFILE: '/dev/null',
    INPUTRC: '/dev/null',
    LESSHISTFILE: '-',
    PYTHONSTARTUP: '',
  },
};
