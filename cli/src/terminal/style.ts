import type { Io, TerminalInfo } from './io.ts';

/** Wraps texts in terminal colours, or leaves them as they are. */
export interface Style {
  dim(text: string): string;
  bold(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
}

const codes = { dim: [2, 22], bold: [1, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;

/** Colours for one stream: only on a terminal, and only when nobody asked for none. */
export function styleFor(
  stream: TerminalInfo,
  options: { color: boolean; environment: Io['environment'] },
): Style {
  const { NO_COLOR: none, TERM: terminal } = options.environment;
  const on = options.color && stream.isTTY === true && !none && terminal !== 'dumb';
  const wrap = (name: keyof typeof codes) => (text: string) => {
    const [start, end] = codes[name];
    return on && text !== '' ? `\u001B[${start}m${text}\u001B[${end}m` : text;
  };
  return {
    dim: wrap('dim'),
    bold: wrap('bold'),
    red: wrap('red'),
    green: wrap('green'),
    yellow: wrap('yellow'),
  };
}
