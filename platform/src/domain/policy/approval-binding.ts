/** What a person saw and agreed to: an approval holds for these arguments under these rules, for one call, and for nothing else. */
export interface ApprovalBinding {
  /** SHA-256 of the canonical JSON of the checked arguments. */
  argumentsHash: string;
  policyVersion: string;
}

/** Whether what was approved is what would be executed now. */
export function isBoundTo(approved: ApprovalBinding | null, wanted: ApprovalBinding): boolean {
  if (approved === null) return false;
  return approved.argumentsHash === wanted.argumentsHash && approved.policyVersion === wanted.policyVersion;
}
