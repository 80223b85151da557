import { plainLine, textFault } from '@batuta/contract';
import type { Exchange } from '../exchange.ts';
import { requestInvalid } from './request-invalid.ts';

/** The query as an object of texts. A name given twice is an error: which one counts would be a guess. */
export function readQuery({ context }: Exchange): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, values] of Object.entries(context.req.queries())) {
    const [value = '', ...rest] = values;
    if (rest.length > 0)
      throw requestInvalid([{ path: `query.${name}`, message: 'was given more than once' }]);
    const fault = textFault(value, 'line') ?? textFault(name, 'line');
    if (fault !== undefined)
      throw requestInvalid([{ path: `query.${plainLine(name).slice(0, 64)}`, message: fault }]);
    query[name] = value;
  }
  return query;
}
