/** A file of the repository that is made from its sources. */
export interface GeneratedFile {
  /** Relative to the repository. */
  path: string;
  text: string;
}
