import type { Exchange } from '../exchange.ts';
import { requestInvalid } from './request-invalid.ts';

/** The query as an object of texts. A name given twice is an error: which one counts would be a guess. */
export function readQuery({ context }: Exchange): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, values] of Object.entries(context.req.queries())) {
    const [value = '', ...rest] = values;
    if (rest.length > 0)
      throw requestInvalid([{ path: `query.${name}`, message: 'was given more than once' }]);
    if (value.includes('\0'))
      throw requestInvalid([{ path: `query.${name}`, message: 'must not contain U+0000' }]);
    query[name] = value;
  }
  return query;
}
