import type { CommandContext } from '../command-context.ts';
import type { Client } from '../connection/client.ts';
import { connectOrStart } from '../connection/connect.ts';
import { Conversation } from '../chat/conversation.ts';
import type { Lines } from '../chat/lines.ts';
import { pipeScreen, terminalScreen } from '../chat/open-screen.ts';
import { pipedLines } from '../chat/piped-lines.ts';
import type { Screen } from '../chat/screen.ts';
import { TypedLines } from '../chat/typed-lines.ts';
import { failure } from '../failure.ts';
import { renderError } from '../render-error.ts';

/** Options of `batuta chat`. */
export interface ChatOptions {
  session?: string;
}

/** `batuta chat [agent]`. */
export async function chat(
  context: CommandContext,
  agent: string | undefined,
  options: ChatOptions,
): Promise<number> {
  const connection = await connectOrStart(context);
  try {
    const chosen = agent ?? (await chooseAgent(connection.client, options.session));
    return await converse(context, { ...connection, agent: chosen, sessionId: options.session });
  } finally {
    await connection.close();
  }
}

/** The agent of the session; else `assistant`; else the first one. */
async function chooseAgent(client: Client, session: string | undefined): Promise<string> {
  if (session !== undefined) return (await client.getSession(session)).agent;
  const agents = await client.listAgents();
  const chosen = agents.find((agent) => agent.name === 'assistant') ?? agents[0];
  if (chosen === undefined)
    throw await failure('agent-unknown', { agent: 'assistant', hint: ' Add one as agents/<name>.md.' });
  return chosen.name;
}

interface Place {
  client: Client;
  url: string;
  agent: string;
  sessionId: string | undefined;
}

async function converse(context: CommandContext, place: Place): Promise<number> {
  const { io, say } = context;
  const stage: { conversation?: Conversation } = {};
  const { screen, lines } = openStage(context, stage);
  const conversation = new Conversation({
    ...place,
    lines,
    screen,
    say,
    explain: (error) =>
      renderError(error, { ...context, options: { ...context.options, json: false } }).trimEnd(),
  });
  stage.conversation = conversation;
  const off = io.onInterrupt((signal) => conversation.interrupt(signal));
  try {
    if (lines.interactive) screen.notice(say('chat.welcome', { agent: place.agent }));
    return await conversation.talk();
  } finally {
    off();
    lines.close();
    if (lines.interactive && conversation.sessionId !== undefined)
      screen.notice(say('chat.goOn', { agent: place.agent, session: conversation.sessionId }));
  }
}

/** What is typed and shown: on a terminal both together, else lines in and answers out. */
function openStage(
  context: CommandContext,
  stage: { conversation?: Conversation },
): { screen: Screen; lines: Lines } {
  const { io } = context;
  if (io.input.isTTY && io.output.isTTY) {
    const screen = terminalScreen(context);
    const lines = new TypedLines(io, {
      hold: () => screen.hold(),
      release: () => screen.release(),
      interrupt: () => stage.conversation?.interrupt('SIGINT'),
    });
    return { screen, lines };
  }
  const render = (text: string): string => {
    if (!context.options.json) return text;
    const { sessionId, runId } = stage.conversation ?? {};
    return JSON.stringify({ session_id: sessionId, run_id: runId, text });
  };
  return { screen: pipeScreen(context, render), lines: pipedLines(io.input) };
}
