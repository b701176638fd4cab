/** The XML would be larger than anybody meant. */
export class Overgrown extends Error {}
