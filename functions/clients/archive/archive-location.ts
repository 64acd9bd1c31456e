/** One object, and one version of it when that is named. */
export interface ObjectLocation {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string | undefined;
}

/** As a person finds it: `s3://backups/1690000000_gitlab_backup.tar`. */
export const locateArchive = ({ bucket, key, versionId }: ObjectLocation): string =>
  `s3://${bucket}/${key}${versionId === undefined ? '' : ` (version ${versionId})`}`;

/** The right to read it. Source: S3 user guide, "Required permissions for Amazon S3 API operations", GetObject. */
export const readPermission = ({ versionId }: ObjectLocation): string =>
  versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
