import { isEnded, type Run } from '@batuta/contract';

/** What to do next, in words that the client's model can act on. */
export function nextStep({ id, status, waiting_for: waitingFor }: Run): string {
  if (status === 'succeeded') return 'The run has ended; its answer is output.text.';
  if (isEnded(status)) return 'The run has ended without an answer.';
  if (waitingFor === 'approval') return `The run waits for a person: list_approvals with run_id ${id}.`;
  if (waitingFor === 'input')
    return `The run asks something: list_approvals with run_id ${id}, then send_message.`;
  if (waitingFor === 'authorization') return 'The run waits for the consent of a person at another service.';
  return `The run goes on: call get_run with run_id ${id} and wait_seconds.`;
}
