/** What GitLab's backup tool says in the name of an archive. */
export interface ArchiveName {
  /** What a restore asks for: `1763683200_2025_11_21_18.10.0-ee`. */
  readonly backupId: string;
  /** When it was begun, by the clock of the pod. */
  readonly startedAt: Date;
  /** `18.10.0-ee`. */
  readonly version: string;
}

/** GitLab documentation, "Backup archive process": seconds since 1970, date, version; ten digits until the year 2286. */
const PATTERN = /^((\d{10})_\d{4}_\d{2}_\d{2}_([^/]+))_gitlab_backup\.tar$/;

/** Reads the name of an archive; undefined when it is none of GitLab's. @param name without the prefix of its key. */
export const parseArchiveName = (name: string): ArchiveName | undefined => {
  const [, backupId, seconds, version] = PATTERN.exec(name) ?? [];
  if (backupId === undefined || version === undefined) return undefined;
  return { backupId, startedAt: new Date(Number(seconds) * 1_000), version };
};
