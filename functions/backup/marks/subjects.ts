/** What a reason about a part is about, in words that stay the same. */

export const THE_DATABASE = 'the database';
export const GITALY = 'the repositories';
export const THE_SECRETS = 'the secrets';
export const THE_PARTS = 'all parts';

export const bucketSubject = (component: string): string => `the bucket of ${component}`;
export const recoveryPointSubject = (resource: string): string => `the recovery point of ${resource}`;
