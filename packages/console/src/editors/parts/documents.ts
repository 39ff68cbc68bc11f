import { graphql } from '../../graphql/index.ts'

export const FactDictionaryDocument = graphql(`
  query FactDictionary {
    factDefinitions {
      key
      type
      unit
      label {
        en
        zh
      }
      description {
        en
        zh
      }
      source {
        en
        zh
      }
    }
  }
`)
