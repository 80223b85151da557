import type { PersonInput } from '@batuta/contract';

/** A window that a person has. Calls of the agent wait until its end. */
export interface WindowHold {
  act(input: PersonInput): Promise<void>;
  end(): void;
}
