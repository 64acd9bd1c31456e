/** A sentence as a part of another one: without its dot. */
export const withoutDot = (text: string): string => text.replace(/\.$/, '');
