import { errorCatalogue, type ErrorCode, type ErrorData } from './catalogue.ts';

const marker: unique symbol = Symbol.for('batuta.error') as never;

/** The one error class of Batuta: a code of the catalogue and its data. The message is made from both. */
export class BatutaError<C extends ErrorCode = ErrorCode> extends Error {
  readonly [marker] = true;
  readonly code: C;
  readonly data: ErrorData<C>;

  constructor(code: C, data: ErrorData<C>, options?: { cause?: unknown }) {
    super(renderMessage(code, data), options);
    this.name = 'BatutaError';
    this.code = code;
    this.data = data;
  }

  /** HTTP status of this error. */
  get status(): number {
    return errorCatalogue[this.code].status;
  }

  /** Whether a value is a Batuta error, also one of another copy of this package. */
  static is(value: unknown): value is BatutaError {
    return typeof value === 'object' && value !== null && marker in value;
  }

  /** Whether a value is the Batuta error of this code. */
  static has<C extends ErrorCode>(value: unknown, code: C): value is BatutaError<C> {
    return BatutaError.is(value) && value.code === code;
  }
}

/** Fills the message template of a code from its data. A value that ends its sentence itself gets no second full stop. */
export function renderMessage<C extends ErrorCode>(code: C, data: ErrorData<C>): string {
  const values: Readonly<Record<string, unknown>> = data;
  return errorCatalogue[code].message.replace(/\{(\w+)\}(\.?)/g, (_, name: string, stop: string) => {
    const value = values[name];
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return /[.?!]$/.test(text) ? text : text + stop;
  });
}
