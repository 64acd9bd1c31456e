/** Name of a site's stack: what deploys it, and what looks for it, must agree. */
export const stackName = (site: string): string => `drydock-${site}`;

/** Name of the stack that holds the buckets and keys of an environment's backups, or those of its copies. */
export const vaultStackName = (environment: string, place: 'archives' | 'copy' = 'archives'): string =>
  `drydock-vault-${environment}${place === 'copy' ? '-copy' : ''}`;
