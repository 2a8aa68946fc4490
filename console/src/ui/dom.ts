/** What an element can hold; nothing of it is ever read as HTML. */
export type Child = Node | string | number | false | null | undefined;
type Attribute = string | number | boolean | null | undefined | ((event: never) => unknown);

/** An element: `h("a", { href, onclick }, "text")`. A false attribute is left out; `on…` listens. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, Attribute> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return dressed(document.createElement(tag), attributes, children);
}

/** An element of a picture. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Record<string, Attribute> = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return dressed(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/** Put these in the place of all that an element holds. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren(...children.filter(isThere).map(asNode));
}

function dressed<E extends Element>(element: E, attributes: Record<string, Attribute>, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value === true ? "" : String(value));
  }
  fill(element, ...children);
  return element;
}

const isThere = (child: Child): child is Node | string | number => child !== false && child !== null && child !== undefined;
const asNode = (child: Node | string | number): Node | string => (child instanceof Node ? child : String(child));
