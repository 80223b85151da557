import { BatutaError } from '@batuta/contract';

interface Issue {
  path: string;
  message: string;
}

const shown = 3;
const kept = 20;

/** The error for a request with these issues: the first few in its message, more in its data. */
export function requestInvalid(issues: readonly Issue[]): BatutaError<'request-invalid'> {
  const rest = issues.length - shown;
  const summary = issues
    .slice(0, shown)
    .map(({ path, message }) => `${path}: ${message}`)
    .join('; ');
  return new BatutaError('request-invalid', {
    summary: rest > 0 ? `${summary}; and ${rest} more` : summary,
    issues: issues.slice(0, kept),
  });
}
