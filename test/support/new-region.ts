import { randomUUID } from 'node:crypto';

/** A region of its own for each client: pace and connections are shared by region, and faults slow a client down. */
export const newRegion = (): string => `eu-${randomUUID().slice(0, 8)}-1`;
