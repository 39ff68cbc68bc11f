import { suite } from '../../test/support/suite.ts'

export default suite('store', { kind: 'integration', needs: ['postgres'] })
