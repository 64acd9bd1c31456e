/** Name of a site's stack: what deploys it, and what looks for it, must agree. */
export const stackName = (site: string): string => `drydock-${site}`;
