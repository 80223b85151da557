import type { Io } from '../terminal/io.ts';
import type { Screen } from './screen.ts';

/**
 * For pipes and files: only whole last answers go to standard output, because text that is given up cannot be taken back
 * there. Remarks go to standard error.
 */
export function plainScreen(io: Pick<Io, 'output' | 'error'>, render: (text: string) => string): Screen {
  const remark = (line: string): void => void io.error.write(`${line}\n`);
  return {
    answer: () => undefined,
    endAnswer: () => undefined,
    dropAnswer: () => undefined,
    result: (text) => void io.output.write(`${render(text)}\n`),
    notice: remark,
    important: remark,
    status: () => undefined,
  };
}
