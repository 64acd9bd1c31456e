import type { Unread } from '../../../functions/records/upgrade/facts.ts';

/** What the facts of the pictures have in common. The cluster, its account and all names in it are made up. */

export const CLUSTER = 'gitlab-production';

export const INNER_SUBNETS = ['subnet-0f1e2d3c', 'subnet-1a2b3c4d', 'subnet-2b3c4d5e'] as const;
/** One in each of three zones. */
export const GROUP_SUBNETS = ['subnet-0c41f7a2', 'subnet-5d20e9b7', 'subnet-9e83a1c4'] as const;

export const zoneOf = (index: number): string => `eu-central-1${'abc'.charAt(index % 3)}`;

/** A topic that was read in full. */
export const read = <T>(...items: T[]): { items: T[]; unread: Unread[] } => ({ items, unread: [] });

/** A topic that an answer of AWS denied. */
export const denied = (what: string, permission: string): { items: never[]; unread: Unread[] } => ({
  items: [],
  unread: [
    {
      what,
      reason: `No right to ${permission} on ${what} in eu-central-1. Give it to this role, or deploy again.`,
      permission,
    },
  ],
});
