import { allowedFamilies, namespaceFlags, refusedCalls, refusedControls } from '../sandbox/refused-calls.ts';

/** A rule of a profile: some calls, and the error that they give. */
interface ProfileRule {
  names: readonly string[];
  action: 'SCMP_ACT_ERRNO';
  errnoRet: number;
  args?: readonly { index: number; value: number; valueTwo?: number; op: string }[];
}

const notPermitted = 1;
const noSuchCall = 38;
const familyUnsupported = 97;
/** Families of sockets that the kernel knows today end before this one. */
const lastFamily = 63;

/** What containers may not call, as engines read it: the same as the filter of bubblewrap. */
export function seccompProfile(): string {
  const rules: ProfileRule[] = [
    refuse([...Object.keys(refusedCalls), 'personality'], notPermitted),
    refuse(['clone3'], noSuchCall),
    ...bitsOf(namespaceFlags).map((bit) => ({
      ...refuse(['clone'], notPermitted),
      args: [{ index: 0, value: bit, valueTwo: bit, op: 'SCMP_CMP_MASKED_EQ' }],
    })),
    ...refusedFamilies().map((family) => ({
      ...refuse(['socket'], familyUnsupported),
      args: [{ index: 0, value: family, op: 'SCMP_CMP_EQ' }],
    })),
    {
      ...refuse(['socket'], familyUnsupported),
      args: [{ index: 0, value: lastFamily, op: 'SCMP_CMP_GT' }],
    },
    ...refusedControls.map((control) => ({
      ...refuse(['ioctl'], notPermitted),
      args: [{ index: 1, value: control, op: 'SCMP_CMP_EQ' }],
    })),
  ];
  return JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW', architectures, syscalls: rules });
}

/** Calls by the tables of other processors end the process. */
const architectures = [process.arch === 'arm64' ? 'SCMP_ARCH_AARCH64' : 'SCMP_ARCH_X86_64'];

function refuse(names: readonly string[], errnoRet: number): ProfileRule {
  return { names, action: 'SCMP_ACT_ERRNO', errnoRet };
}

function bitsOf(flags: number): number[] {
  return Array.from({ length: 31 }, (_, index) => 2 ** index).filter((bit) => (flags & bit) !== 0);
}

function refusedFamilies(): number[] {
  const all = Array.from({ length: lastFamily + 1 }, (_, family) => family);
  return all.filter((family) => !allowedFamilies.some((allowed) => allowed === family));
}
