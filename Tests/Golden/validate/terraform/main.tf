locals {
  region = "eu-west-1"
  table  = aws_dynamodb_table.orders.name
}

resource "aws_sfn_state_machine" "a" {
  name = "a"
  definition = jsonencode({
    StartAt = "Load"
    States = {
      Load = {
        Type     = "Task"
        Resource = aws_lambda_function.load.arn
        Parametrs = { x = 1 }
        TimeoutSeconds = var.timeout
        Next = "Stroe"
      }
      Store = {
        Type = "Task"
        Resource = "arn:aws:states:::dynamodb:putItem"
        Parameters = {
          TableName = local.table
          Item = { id = { "S.$" = "$.id" } }
        }
        Retry = [for e in local.errors : { ErrorEquals = [e] }]
      }
    }
  })
}

resource "aws_sfn_state_machine" "b" {
  type = "EXPRESS"
  definition = <<-EOF
    {
      "StartAt": "Rest",
      "States": {
        "Rest": { "Type": "Wait", "Seconds": ${var.seconds}, "Next": "Call" },
        "Call": { "Type": "Task", "Resource": "${aws_lambda_function.f.arn}", "Cach": [], "Next": "Cal" },
        "S": { "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": { "QueueUrl": "${aws_sqs_queue.q.url}", "MessageBody.$": "$.x.[" }, "End": true }
      }
    }
  EOF
}

resource "aws_sfn_state_machine" "c" {
  definition = templatefile("${path.module}/c.json", { region = local.region, arn = aws_lambda_function.f.arn, n = 5 })
}
