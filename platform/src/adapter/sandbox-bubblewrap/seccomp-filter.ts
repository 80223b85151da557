import {
  allowedFamilies,
  allowedPersonalities,
  guardedCalls,
  namespaceFlags,
  refusedCalls,
  refusedControls,
  type Architecture,
} from '../sandbox/refused-calls.ts';

/**
 * The filter that the kernel runs for every call of a command: classic BPF, eight bytes an instruction (code, two jumps, a number). It
 * reads a record of the call: its number at 0, the architecture at 4, its arguments from 16 on, 8 bytes each.
 */

const load = 0x20;
const jumpIfEqual = 0x15;
const jumpIfAtLeast = 0x35;
const jumpIfAnySet = 0x45;
const give = 0x06;

const allow = 0x7fff_0000;
const killProcess = 0x8000_0000;
const refuseWith = (errno: number): number => 0x0005_0000 + errno;
const notPermitted = refuseWith(1);
const noSuchCall = refuseWith(38);
const familyUnsupported = refuseWith(97);

const auditArchitecture: Readonly<Record<Architecture, number>> = { x64: 0xc000_003e, arm64: 0xc000_00b7 };
/** Numbers from here on are calls of a second, little used table of x64, which would go round the filter. */
const secondTable = 0x4000_0000;

interface Instruction {
  code: number;
  /** Instructions to leave out when it holds, and when it does not. */
  matched?: number;
  otherwise?: number;
  number: number;
}

/** The filter as bytes, for `bwrap --seccomp`. */
export function seccompFilter(architecture: Architecture): Buffer {
  const column = architecture === 'x64' ? 0 : 1;
  const program: Instruction[] = [
    { code: load, number: 4 },
    { code: jumpIfEqual, matched: 1, number: auditArchitecture[architecture] },
    { code: give, number: killProcess },
    { code: load, number: 0 },
    ...(architecture === 'x64' ? [when(jumpIfAtLeast, secondTable), ret(notPermitted)] : []),
    ...Object.values(refusedCalls).flatMap((numbers) => refuseCall(numbers[column], notPermitted)),
    ...refuseCall(guardedCalls.clone3[column], noSuchCall),
    ...guard(guardedCalls.clone[column], { argument: 0 }, [
      when(jumpIfAnySet, namespaceFlags),
      ret(notPermitted),
      ret(allow),
    ]),
    ...guard(
      guardedCalls.socket[column],
      { argument: 0 },
      oneOf(allowedFamilies, { match: allow, other: familyUnsupported }),
    ),
    ...guard(
      guardedCalls.ioctl[column],
      { argument: 1 },
      oneOf(refusedControls, { match: notPermitted, other: allow }),
    ),
    ...guard(
      guardedCalls.personality[column],
      { argument: 0 },
      oneOf(allowedPersonalities, { match: allow, other: notPermitted }),
    ),
    ret(allow),
  ];
  return Buffer.concat(program.map(encode));
}

/** Goes on with the next instruction when the test holds, and leaves one out when it does not. */
function when(code: number, number: number): Instruction {
  return { code, matched: 0, otherwise: 1, number };
}

function ret(number: number): Instruction {
  return { code: give, number };
}

function refuseCall(call: number | null, answer: number): Instruction[] {
  return call === null ? [] : [when(jumpIfEqual, call), ret(answer)];
}

/** What is done for one call only; all ways through it must end in an answer. */
function guard(
  call: number,
  { argument }: { argument: number },
  body: readonly Instruction[],
): Instruction[] {
  const check: Instruction[] = [{ code: load, number: 16 + 8 * argument }, ...body];
  return [{ code: jumpIfEqual, matched: 0, otherwise: check.length, number: call }, ...check];
}

function oneOf(values: readonly number[], { match, other }: { match: number; other: number }): Instruction[] {
  return [...values.flatMap((value) => [when(jumpIfEqual, value), ret(match)]), ret(other)];
}

function encode({ code, matched = 0, otherwise = 0, number }: Instruction): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(matched, 2);
  bytes.writeUInt8(otherwise, 3);
  bytes.writeUInt32LE(number, 4);
  return bytes;
}
