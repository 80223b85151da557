import type { JsonValue } from '@batuta/contract';

/** A tool call that an earlier answer asked for. */
export interface EmulatedToolCall {
  id: string;
  name: string;
  /** As raw text, whatever the wire carries. */
  arguments: string;
}

/** The result that the client gave for a tool call. */
export interface EmulatedToolResult {
  callId: string;
  text: string;
  isError: boolean;
}

/** One message of a request, the same for every wire. Results of tools are messages of the role `tool`, neighbours joined. */
export interface EmulatedMessage {
  role: 'user' | 'assistant' | 'tool';
  text: string;
  reasoning: string;
  toolCalls: EmulatedToolCall[];
  toolResults: EmulatedToolResult[];
}

/** A tool that the client offers to the model. */
export interface EmulatedTool {
  name: string;
  description: string;
  parameters: JsonValue;
}

/** What a request says to the model, the same for every wire. */
export interface Conversation {
  system: string;
  messages: EmulatedMessage[];
  tools: EmulatedTool[];
}

/** Collects a conversation from one wire's items, joining those that belong to one message. */
export class ConversationBuilder {
  readonly #system: string[] = [];
  readonly #messages: EmulatedMessage[] = [];

  system(text: string): void {
    if (text !== '') this.#system.push(text);
  }

  user(text: string): void {
    this.#messages.push({ ...emptyMessage('user'), text });
  }

  /** Adds to the assistant's message; consecutive calls add to the same one. */
  assistant(part: Partial<Pick<EmulatedMessage, 'text' | 'reasoning' | 'toolCalls'>>): void {
    const message = this.#last('assistant');
    message.text += part.text ?? '';
    message.reasoning += part.reasoning ?? '';
    message.toolCalls.push(...(part.toolCalls ?? []));
  }

  toolResult(result: EmulatedToolResult): void {
    this.#last('tool').toolResults.push(result);
  }

  finish(tools: EmulatedTool[]): Conversation {
    return { system: this.#system.join('\n\n'), messages: this.#messages, tools };
  }

  #last(role: 'assistant' | 'tool'): EmulatedMessage {
    const last = this.#messages.at(-1);
    if (last?.role === role) return last;
    const message = emptyMessage(role);
    this.#messages.push(message);
    return message;
  }
}

function emptyMessage(role: EmulatedMessage['role']): EmulatedMessage {
  return { role, text: '', reasoning: '', toolCalls: [], toolResults: [] };
}
