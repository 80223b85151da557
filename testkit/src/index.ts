export { machineClock, type EmulatorClock } from './emulator/clock.ts';
export type {
  EmulatedMessage,
  EmulatedTool,
  EmulatedToolCall,
  EmulatedToolResult,
} from './emulator/conversation.ts';
export type { EmulatedRequest, RequestOutcome } from './emulator/emulated-request.ts';
export {
  startEmulator,
  type Emulator,
  type EmulatorAddresses,
  type EmulatorOptions,
} from './emulator/emulator.ts';
export { modelNameForms, type ModelNameForm } from './emulator/model-name.ts';
export type { RequestCounts } from './emulator/recorded-requests.ts';
export {
  cutAfter,
  drop,
  empty,
  failAfter,
  failure,
  garbage,
  garbageAfter,
  hang,
  hangAfter,
  inOrder,
  pauseAfter,
  reasoning,
  text,
  toolCalls,
  words,
  type FailureOptions,
  type MessageOptions,
  type ScriptedToolCall,
  type TextOptions,
  type ToolCallOptions,
} from './emulator/reply-builders.ts';
export type {
  CutReply,
  DropReply,
  EmulatedUsage,
  FailureReply,
  Finish,
  GarbageReply,
  HangReply,
  Interruption,
  MessagePart,
  MessageReply,
  Pace,
  ReasoningReplyPart,
  Reply,
  TextReplyPart,
  ToolCallReplyPart,
} from './emulator/reply.ts';
export type { ReplyFunction, ReplySource } from './emulator/script.ts';
export type { Wire } from './emulator/wire.ts';
export type { RecordedChunk, RecordedExchange } from './recording/exchange.ts';
export { startRecorder, type Recorder, type RecorderOptions } from './recording/recorder.ts';
export { startReplayer, type Replayer, type ReplayerOptions } from './recording/replayer.ts';
