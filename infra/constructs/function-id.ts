/** The id of a Lambda's construct: `collect-facts` becomes `CollectFacts`. */
export const functionId = (name: string): string =>
  name.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
