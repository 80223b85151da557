import { BatutaError, errorCatalogue, type ErrorCode } from '@batuta/contract';

/** The error that an answer tells. One of a newer server becomes `answer-unknown`, which keeps its code and text. */
export async function readError(answer: Response): Promise<BatutaError> {
  const problem = await readProblem(answer);
  const code = typeof problem['code'] === 'string' ? problem['code'] : 'none';
  if (isKnown(code)) {
    const data = errorCatalogue[code].data.safeParse(problem['data']);
    if (data.success) return new BatutaError(code, data.data);
  }
  const detail =
    typeof problem['detail'] === 'string' ? problem['detail'] : 'the answer is no problem document';
  return new BatutaError('answer-unknown', { status: answer.status, code, detail });
}

async function readProblem(answer: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await answer.json();
    return typeof body === 'object' && body !== null ? { ...body } : {};
  } catch {
    return {};
  }
}

function isKnown(code: string): code is ErrorCode {
  return Object.hasOwn(errorCatalogue, code);
}
