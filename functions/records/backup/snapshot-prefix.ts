/** Names of the snapshots of sets begin so, and the rights to make and delete them end there. */
export const SNAPSHOT_PREFIX = 'drydock-';
