import type { HttpSettings } from './settings.ts'

/** Settings to begin with for a provider, under its name. Secrets by name; a host in capitals is the account's own. */
export interface HttpProfile {
  name: string
  /** What it is for, where it was taken from, and what to give beside it. */
  what: string
  settings: HttpSettings
}

export const httpProfiles: readonly HttpProfile[] = [
  {
    name: 'twilio',
    what: 'Twilio, Programmable Messaging (API 2010-04-01). Secrets: account_sid, auth_token, callback_token. Point the number’s incoming webhook at the callback address too.',
    settings: {
      request: {
        method: 'POST',
        url: 'https://api.twilio.com/2010-04-01/Accounts/{{secret.account_sid}}/Messages.json',
        form: { To: '{{to}}', From: '{{from}}', Body: '{{text}}', StatusCallback: '{{callback_url}}' },
      },
      auth: { type: 'basic', user: '{{secret.account_sid}}', password: '{{secret.auth_token}}' },
      answer: { statuses: [201], id: { pointer: '/sid' }, error: { pointer: '/code' } },
      errors: {
        '20003': 'elsewhere', // credentials
        '20429': 'throttle',
        '21408': 'elsewhere', // region not enabled for the account
        '21606': 'elsewhere', // sender is not of the account
        '21610': 'permanent', // the recipient told Twilio STOP: nobody else is to try
        '21611': 'throttle', // the sender's queue is full
        '21612': 'elsewhere', // no way from this sender to there
        '21703': 'elsewhere',
        '21704': 'elsewhere',
      },
      callbacks: {
        receipt: {
          id: '/MessageSid',
          state: '/MessageStatus',
          states: {
            delivered: 'delivered',
            read: 'delivered',
            undelivered: 'undelivered',
            failed: 'undelivered',
            canceled: 'rejected',
            queued: 'pending',
            sending: 'pending',
            sent: 'pending',
          },
          error: '/ErrorCode',
        },
        incoming: {
          when: { pointer: '/SmsStatus', equals: ['received'] },
          from: '/From',
          to: '/To',
          text: '/Body',
          id: '/MessageSid',
          answered: '/OptOutType',
        },
        reply: { type: 'text/xml', body: '<Response/>' },
      },
    },
  },
  {
    name: 'vonage',
    what: 'Vonage, Messages API v1 (one id for all parts of a message). Secrets: api_key, api_secret, callback_token. For incoming messages set the callback address as the inbound URL.',
    settings: {
      request: {
        method: 'POST',
        url: 'https://api.nexmo.com/v1/messages',
        json: {
          channel: 'sms',
          message_type: 'text',
          to: '{{to|digits}}',
          from: '{{from}}',
          text: '{{text}}',
          client_ref: '{{id}}',
          ttl: '{{validity_seconds|number}}',
          webhook_url: '{{callback_url}}',
          webhook_version: 'v1',
          sms: { encoding_type: '{{encoding}}' },
        },
        encodings: { gsm7: 'text', ucs2: 'unicode' },
      },
      auth: { type: 'basic', user: '{{secret.api_key}}', password: '{{secret.api_secret}}' },
      answer: { statuses: [202], id: { pointer: '/message_uuid' }, error: { pointer: '/title' } },
      errors: { 'Low balance': 'elsewhere' },
      callbacks: {
        receipt: {
          id: '/message_uuid',
          state: '/status',
          states: {
            delivered: 'delivered',
            read: 'delivered',
            rejected: 'rejected',
            undeliverable: 'undelivered',
            submitted: 'pending',
          },
          error: '/error/title',
        },
        incoming: {
          when: { pointer: '/message_type', equals: ['text'] },
          from: '/from',
          to: '/to',
          text: '/text',
          id: '/message_uuid',
        },
      },
    },
  },
  {
    name: 'infobip',
    what: 'Infobip, SMS API 2. Put your account’s host into the URL. Secrets: api_key, callback_token. For incoming messages set the callback address at the number.',
    settings: {
      request: {
        method: 'POST',
        url: 'https://YOUR-HOST.api.infobip.com/sms/2/text/advanced',
        headers: { Authorization: 'App {{secret.api_key}}' },
        json: {
          messages: [
            {
              from: '{{from}}',
              destinations: [{ to: '{{to|digits}}' }],
              text: '{{text}}',
              notifyUrl: '{{callback_url}}',
              notifyContentType: 'application/json',
            },
          ],
        },
      },
      answer: {
        success: { pointer: '/messages/0/status/groupName', equals: ['PENDING', 'ACCEPTED', 'DELIVERED'] },
        id: { pointer: '/messages/0/messageId' },
        error: { pointer: '/messages/0/status/name' },
      },
      errors: {
        REJECTED_NOT_ENOUGH_CREDITS: 'elsewhere',
        REJECTED_NETWORK: 'elsewhere',
        REJECTED_ROUTE_NOT_AVAILABLE: 'elsewhere',
        REJECTED_SENDER: 'elsewhere',
      },
      callbacks: {
        items: '/results',
        receipt: {
          when: { pointer: '/status/groupName' },
          id: '/messageId',
          state: '/status/groupName',
          states: {
            DELIVERED: 'delivered',
            UNDELIVERABLE: 'undelivered',
            EXPIRED: 'expired',
            REJECTED: 'rejected',
            PENDING: 'pending',
          },
          error: '/error/name',
        },
        incoming: { from: '/from', to: '/to', text: '/text', id: '/messageId' },
      },
    },
  },
  {
    name: 'plivo',
    what: 'Plivo, Message API v1. Secrets: auth_id, auth_token, callback_token. For incoming messages give an application the callback address as its message URL.',
    settings: {
      request: {
        method: 'POST',
        url: 'https://api.plivo.com/v1/Account/{{secret.auth_id}}/Message/',
        json: {
          src: '{{from}}',
          dst: '{{to|digits}}',
          text: '{{text}}',
          url: '{{callback_url}}',
          method: 'POST',
        },
      },
      auth: { type: 'basic', user: '{{secret.auth_id}}', password: '{{secret.auth_token}}' },
      answer: { statuses: [202], id: { pointer: '/message_uuid/0' } },
      callbacks: {
        receipt: {
          id: '/MessageUUID',
          state: '/Status',
          states: {
            delivered: 'delivered',
            undelivered: 'undelivered',
            failed: 'undelivered',
            rejected: 'rejected',
            queued: 'pending',
            sent: 'pending',
          },
          error: '/ErrorCode',
        },
        incoming: { from: '/From', to: '/To', text: '/Text', id: '/MessageUUID' },
      },
    },
  },
  {
    name: 'sinch',
    what: 'Sinch, SMS REST API v1. Put your region (eu, us, …) into the host. Secrets: service_plan_id, api_token, callback_token.',
    settings: {
      request: {
        method: 'POST',
        url: 'https://eu.sms.api.sinch.com/xms/v1/{{secret.service_plan_id}}/batches',
        json: {
          from: '{{from}}',
          to: ['{{to|digits}}'],
          body: '{{text}}',
          delivery_report: 'per_recipient',
          callback_url: '{{callback_url}}',
          client_reference: '{{id}}',
        },
      },
      auth: { type: 'bearer', token: '{{secret.api_token}}' },
      answer: { statuses: [201], id: { pointer: '/id' }, error: { pointer: '/code' } },
      callbacks: {
        receipt: {
          when: { pointer: '/type', equals: ['recipient_delivery_report_sms'] },
          id: '/batch_id',
          state: '/status',
          states: {
            Delivered: 'delivered',
            Failed: 'undelivered',
            Deleted: 'undelivered',
            Aborted: 'rejected',
            Rejected: 'rejected',
            Cancelled: 'rejected',
            Expired: 'expired',
            Queued: 'pending',
            Dispatched: 'pending',
          },
          error: '/code',
        },
        incoming: {
          when: { pointer: '/type', equals: ['mo_text'] },
          from: '/from',
          to: '/to',
          text: '/body',
          id: '/id',
        },
      },
    },
  },
  {
    name: '46elks',
    what: '46elks, API a1. Secrets: api_username, api_password, callback_token. For incoming messages set the callback address as sms_url of the number.',
    settings: {
      request: {
        method: 'POST',
        url: 'https://api.46elks.com/a1/sms',
        form: { from: '{{from}}', to: '{{to}}', message: '{{text}}', whendelivered: '{{callback_url}}' },
      },
      auth: { type: 'basic', user: '{{secret.api_username}}', password: '{{secret.api_password}}' },
      answer: { id: { pointer: '/id' } },
      callbacks: {
        receipt: { id: '/id', state: '/status', states: { delivered: 'delivered', failed: 'undelivered' } },
        incoming: { from: '/from', to: '/to', text: '/message', id: '/id' },
      },
    },
  },
]
