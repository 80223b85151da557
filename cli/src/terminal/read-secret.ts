import { StringDecoder } from 'node:string_decoder';
import type { Io } from './io.ts';

const longestValue = 65_536;

/**
 * A value that must not be seen: typed at a terminal without being shown, or all of standard input where that is no terminal (without the
 * line end that `echo` adds). Undefined when somebody pressed Ctrl-C or Ctrl-D.
 */
export async function readSecret(io: Io, question: string): Promise<string | undefined> {
  if (io.input.isTTY !== true) return readPiped(io);
  io.error.write(question);
  setRaw(io.input, true);
  try {
    return await readTyped(io);
  } finally {
    setRaw(io.input, false);
    io.input.pause();
    io.error.write('\n');
  }
}

function setRaw(input: Io['input'], isRaw: boolean): void {
  if ('setRawMode' in input && typeof input.setRawMode === 'function') input.setRawMode(isRaw);
}

async function readPiped(io: Io): Promise<string> {
  const decoder = new StringDecoder('utf8');
  let text = '';
  for await (const chunk of io.input) {
    text += typeof chunk === 'string' ? chunk : decoder.write(chunk);
    if (text.length > longestValue) break;
  }
  return (text + decoder.end()).replace(/\r?\n$/, '');
}

function readTyped(io: Io): Promise<string | undefined> {
  const decoder = new StringDecoder('utf8');
  let typed: string[] = [];
  return new Promise((resolve) => {
    const finish = (value: string | undefined): void => {
      io.input.off('data', take);
      resolve(value);
    };
    const take = (chunk: Buffer | string): void => {
      for (const key of typeof chunk === 'string' ? chunk : decoder.write(chunk)) {
        if (key === '\r' || key === '\n') return finish(typed.join(''));
        if (key === '\u0003' || key === '\u0004') return finish(undefined);
        typed = key === '\u007f' || key === '\b' ? typed.slice(0, -1) : [...typed, key];
      }
    };
    io.input.on('data', take);
  });
}
