declare module 'dmn-moddle' {
  interface ModdleElement {
    readonly $type: string
    get(name: string): unknown
    set(name: string, value: unknown): void
  }
  export class DmnModdle {
    fromXML(xml: string, type?: string): Promise<{ rootElement: ModdleElement; warnings: readonly { readonly message: string }[] }>
    toXML(element: ModdleElement, options?: { readonly format?: boolean }): Promise<{ xml: string }>
    create(type: string, attributes?: Readonly<Record<string, unknown>>): ModdleElement
    createAny(name: string, namespace: string, properties?: Readonly<Record<string, unknown>>): ModdleElement
  }
}
