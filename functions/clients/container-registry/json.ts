/** Parses a body that should be JSON; undefined when it is not. The schema that follows then says no. */
export const parseJsonBody = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
};
